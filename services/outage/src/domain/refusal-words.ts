import type { RejectionCode } from './outage.ts';

/** Each refusal in words, for whoever asked, by whichever way in. A new code does not compile until it stands here. */
export const refusalWords = {
  'already-exists': 'An outage with this id exists already',
  'no-such-outage': 'There is no outage with this id',
  'stale-version': 'The outage has changed since you read it',
  'node-count': 'Give 1 to 2,000 nodes',
  'duplicate-node': 'A node is listed twice',
  'unknown-node': 'The network has no node with this code',
  'already-out': 'One of these nodes is in an outage of this kind already',
  'starts-in-the-past': 'The start of the planned work is in the past',
  'starts-too-far-ahead': 'The start of the planned work is more than 90 days ahead',
  'ends-before-start': 'The end of the planned work is not after its start',
  'window-too-long': 'The planned work lasts more than 24 hours',
  'started-in-the-future': 'The beginning of the cut is in the future',
  'started-too-long-ago': 'The cut began more than 24 hours ago',
  'estimate-in-the-past': 'estimatedRestorationAt is in the past',
  'estimate-too-far-ahead': 'estimatedRestorationAt is more than 7 days ahead',
  'already-restored': 'The outage is restored already',
  'not-begun': 'The planned work has not begun',
  'restored-before-start': 'restoredAt is before startsAt',
  'restored-in-the-future': 'restoredAt is in the future',
} as const satisfies Record<RejectionCode, string>;
