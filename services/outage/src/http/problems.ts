import { problem, type Reply } from '@bijli/service';
import type { RejectionCode, Surroundings } from '../domain/outage.ts';

/** What a refusal is to a client: its status, the field to look at, and the rule in words. */
type Refusal = { readonly status: 404 | 409 | 422; readonly field: string | null; readonly title: string };

/** A new code does not compile until it stands here. */
const refusals = {
  'already-exists': { status: 409, field: null, title: 'There is an outage with this id' },
  'no-such-outage': { status: 404, field: null, title: 'There is no outage with this id' },
  'stale-version': { status: 409, field: '/headers/if-match', title: 'The outage has changed since you saw it' },
  'node-count': { status: 422, field: '/body/nodeIds', title: 'An outage is about 1 to 2,000 nodes' },
  'duplicate-node': { status: 422, field: '/body/nodeIds', title: 'A node stands twice' },
  'unknown-node': { status: 422, field: '/body/nodeIds', title: 'The network has no node with this code' },
  'already-out': {
    status: 409,
    field: '/body/nodeIds',
    title: 'One of these nodes is in an outage of this kind already',
  },
  'starts-in-the-past': { status: 422, field: '/body/startsAt', title: 'Planned work is announced before it starts' },
  'starts-too-far-ahead': { status: 422, field: '/body/startsAt', title: 'Planned work starts within 90 days' },
  'ends-before-start': { status: 422, field: '/body/endsAt', title: 'Planned work ends after it starts' },
  'window-too-long': { status: 422, field: '/body/endsAt', title: 'Planned work lasts at most 24 hours' },
  'started-in-the-future': { status: 422, field: '/body/startedAt', title: 'A cut is reported after it began' },
  'started-too-long-ago': {
    status: 422,
    field: '/body/startedAt',
    title: 'A cut is reported within 24 hours of its beginning',
  },
  'estimate-in-the-past': {
    status: 422,
    field: '/body/estimatedRestorationAt',
    title: 'Supply is expected back in the future',
  },
  'estimate-too-far-ahead': {
    status: 422,
    field: '/body/estimatedRestorationAt',
    title: 'Supply is expected back within 7 days',
  },
  'estimate-unchanged': { status: 409, field: '/body/estimatedRestorationAt', title: 'This is the estimate already' },
  'already-restored': { status: 409, field: null, title: 'Supply is back already' },
  'not-begun': { status: 409, field: null, title: 'The planned work has not begun' },
  'restored-before-start': { status: 422, field: '/body/restoredAt', title: 'Supply comes back after it went' },
  'restored-in-the-future': {
    status: 422,
    field: '/body/restoredAt',
    title: 'Supply is restored when it is back, not before',
  },
} as const satisfies Record<RejectionCode, Refusal>;

/** Where a command's instant has another name in this request than in the table: the end of planned work is also an estimate. */
export type Named = {
  readonly fieldFor?: Partial<Record<RejectionCode, string>>;
  readonly surroundings?: Surroundings;
};

/** This function will say a refusal as a problem: field by field where nodes are unknown, naming the other outage where there is one. */
export function refusalReply(code: RejectionCode, { fieldFor = {}, surroundings }: Named = {}): Reply {
  const { status, title, field } = refusals[code];
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
