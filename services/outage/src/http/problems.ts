import { problem, refusalResponses, type Reply, type Responses } from '@bijli/service';
import type { OutageRefusal, RejectionCode } from '../domain/decision.ts';
import { refusalWords } from '../domain/refusal-words.ts';

/** What a refusal is to a client: its status, and the field to look at. */
type Refusal = { readonly status: 404 | 409 | 422; readonly field: string | null };

/** A new code does not compile until it stands here. */
const refusals = {
  'already-exists': { status: 409, field: null },
  'no-such-outage': { status: 404, field: null },
  'stale-version': { status: 409, field: '/headers/if-match' },
  'node-count': { status: 422, field: '/body/nodeIds' },
  'duplicate-node': { status: 422, field: '/body/nodeIds' },
  'unknown-node': { status: 422, field: '/body/nodeIds' },
  'not-below': { status: 422, field: '/body/exceptNodeIds' },
  'excludes-everything': { status: 422, field: '/body/exceptNodeIds' },
  'too-many-parts': { status: 422, field: '/body/exceptNodeIds' },
  'already-out': { status: 409, field: '/body/nodeIds' },
  'starts-in-the-past': { status: 422, field: '/body/startsAt' },
  'starts-too-far-ahead': { status: 422, field: '/body/startsAt' },
  'ends-before-start': { status: 422, field: '/body/endsAt' },
  'window-too-long': { status: 422, field: '/body/endsAt' },
  'started-in-the-future': { status: 422, field: '/body/startedAt' },
  'started-too-long-ago': { status: 422, field: '/body/startedAt' },
  'estimate-in-the-past': { status: 422, field: '/body/estimatedRestorationAt' },
  'estimate-too-far-ahead': { status: 422, field: '/body/estimatedRestorationAt' },
  'already-restored': { status: 409, field: null },
  'already-cancelled': { status: 409, field: null },
  'already-dropped': { status: 409, field: null },
  'already-begun': { status: 409, field: null },
  'not-begun': { status: 409, field: null },
  'not-planned': { status: 409, field: null },
  'not-a-draft': { status: 409, field: null },
  'same-person': { status: 409, field: '/body/approvedBy' },
  'not-approved': { status: 409, field: null },
  'not-announced': { status: 409, field: null },
  'change-pending': { status: 409, field: null },
  'nothing-to-undo': { status: 409, field: null },
  'nothing-to-confirm': { status: 409, field: null },
  'restored-before-start': { status: 422, field: '/body/restoredAt' },
  'restored-in-the-future': { status: 422, field: '/body/restoredAt' },
  'not-in-outage': { status: 422, field: '/body/nodeIds' },
  'already-energised': { status: 409, field: '/body/nodeIds' },
  'not-restored': { status: 409, field: null },
  'restored-too-long-ago': { status: 409, field: null },
} as const satisfies Record<RejectionCode, Refusal>;

/** Describes refusals for the OpenAPI document. */
export function refusedAs(...codes: readonly RejectionCode[]): Responses {
  return refusalResponses(codes.map((code) => ({ status: refusals[code].status, code, words: refusalWords[code] })));
}

/** Where a refusal is about another field of this request than in the table, or about none of its. */
export type FieldFor = Partial<Record<RejectionCode, string | null>>;

/** Says a refusal as a problem: place by place where nodes broke the rule, naming the other outage where there is one. */
export function refusalReply(
  { code, places, outageId }: Omit<OutageRefusal, 'accepted'>,
  fieldFor: FieldFor = {},
): Reply {
  const { status, field } = refusals[code];
  const title = refusalWords[code];
  const other = fieldFor[code];
  const listed = places?.map((place) => `/body/${place.replaceAll('.', '/')}`) ?? [field];
  const fields = other === undefined ? listed : [other];
  const errors = fields.flatMap((at) => (at === null ? [] : [{ field: at, rule: code, detail: title }]));
  return problem(status, code, title, {
    ...(errors.length === 0 ? {} : { errors }),
    ...(outageId === undefined ? {} : { outageId }),
  });
}
