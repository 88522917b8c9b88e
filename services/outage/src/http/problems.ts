import { problem, refusalResponses, type Reply, type Responses } from '@bijli/service';
import type { RejectionCode, Surroundings } from '../domain/outage.ts';
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
  'not-begun': { status: 409, field: null },
  'restored-before-start': { status: 422, field: '/body/restoredAt' },
  'restored-in-the-future': { status: 422, field: '/body/restoredAt' },
} as const satisfies Record<RejectionCode, Refusal>;

/** Describes refusals for the OpenAPI document. */
export function refusedAs(...codes: readonly RejectionCode[]): Responses {
  return refusalResponses(codes.map((code) => ({ status: refusals[code].status, code, words: refusalWords[code] })));
}

/** Where a command's instant has another name in this request than in the table: the end of planned work is also an estimate. */
export type Named = {
  readonly fieldFor?: Partial<Record<RejectionCode, string>>;
  readonly surroundings?: Surroundings;
};

/** Says a refusal as a problem: field by field where nodes are unknown, naming the other outage where there is one. */
export function refusalReply(code: RejectionCode, { fieldFor = {}, surroundings }: Named = {}): Reply {
  const { status, field } = refusals[code];
  const title = refusalWords[code];
  const fields =
    code === 'unknown-node' && surroundings !== undefined
      ? surroundings.unknownNodes.map((position) => `${field}/${position}`)
      : [fieldFor[code] ?? field];
  const errors = fields.flatMap((at) => (at === null ? [] : [{ field: at, rule: code, detail: title }]));
  return problem(status, code, title, {
    ...(errors.length === 0 ? {} : { errors }),
    ...(code === 'already-out' && surroundings !== undefined ? { outageId: surroundings.alreadyOutIn } : {}),
  });
}
