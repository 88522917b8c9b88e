import { problem, refusalResponses, type Reply, type Responses } from '@bijli/service';
import type { RejectionCode } from '../domain/complaint.ts';

/** What a refusal is to a client: its status, the field to look at, and the rule in words. */
type Refusal = { readonly status: 404 | 409; readonly field: string | null; readonly title: string };

/** A new code does not compile until it stands here. */
const refusals = {
  'unknown-account': {
    status: 404,
    field: '/body/accountNumber',
    title: 'There is no connection with this account number',
  },
  'connection-closed': { status: 409, field: '/body/accountNumber', title: 'The connection is closed' },
  'already-exists': { status: 409, field: null, title: 'A complaint with this id exists already' },
  'no-such-complaint': { status: 404, field: null, title: 'There is no such complaint' },
  'stale-version': { status: 409, field: '/headers/if-match', title: 'The complaint has changed since you read it' },
  'already-assigned': {
    status: 409,
    field: '/body/officeCode',
    title: 'The complaint is assigned to this office already',
  },
  'not-assigned': { status: 409, field: null, title: 'The complaint is not assigned to an office yet' },
  'work-begun': { status: 409, field: null, title: 'Work on the complaint has begun already' },
  'already-answered': { status: 409, field: null, title: 'The complaint is answered by an outage and needs no work' },
  'already-resolved': {
    status: 409,
    field: null,
    title: 'The complaint is resolved already, and the consumer is asked',
  },
  'already-closed': { status: 409, field: null, title: 'The complaint is closed already' },
  'not-resolved': { status: 409, field: null, title: 'The complaint is not resolved yet' },
  'closed-too-long-ago': {
    status: 409,
    field: null,
    title: 'The complaint was closed more than 7 days ago; lodge a new one',
  },
  'open-elsewhere': { status: 409, field: null, title: 'Another complaint of this kind is open for this connection' },
  'answer-not-due': { status: 409, field: null, title: 'The consumer still has time to answer' },
} as const satisfies Record<RejectionCode, Refusal>;

/** Describes refusals for the OpenAPI document. */
export function refusedAs(...codes: readonly RejectionCode[]): Responses {
  return refusalResponses(codes.map((code) => ({ status: refusals[code].status, code, words: refusals[code].title })));
}

/** Says a refusal as a problem, with the field that it is about where there is one. */
export function refusalReply(code: RejectionCode): Reply {
  const { status, title, field } = refusals[code];
  return problem(status, code, title, field === null ? {} : { errors: [{ field, rule: code, detail: title }] });
}
