import type { RejectionCode } from './outage.ts';

/** Each refusal in words, for whoever asked, by whichever way in. A new code does not compile until it stands here. */
export const refusalWords = {
  'already-exists': 'There is an outage with this id',
  'no-such-outage': 'There is no outage with this id',
  'stale-version': 'The outage has changed since you saw it',
  'node-count': 'An outage is about 1 to 2,000 nodes',
  'duplicate-node': 'A node stands twice',
  'unknown-node': 'The network has no node with this code',
  'already-out': 'One of these nodes is in an outage of this kind already',
  'starts-in-the-past': 'Planned work is announced before it starts',
  'starts-too-far-ahead': 'Planned work starts within 90 days',
  'ends-before-start': 'Planned work ends after it starts',
  'window-too-long': 'Planned work lasts at most 24 hours',
  'started-in-the-future': 'A cut is reported after it began',
  'started-too-long-ago': 'A cut is reported within 24 hours of its beginning',
  'estimate-in-the-past': 'Supply is expected back in the future',
  'estimate-too-far-ahead': 'Supply is expected back within 7 days',
  'already-restored': 'Supply is back already',
  'not-begun': 'The planned work has not begun',
  'restored-before-start': 'Supply comes back after it went',
  'restored-in-the-future': 'Supply is restored when it is back, not before',
} as const satisfies Record<RejectionCode, string>;
