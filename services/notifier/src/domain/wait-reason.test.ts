import { describe, expect, test } from '@jest/globals';
import { obstacleOf, type SendingStanding, waitReason } from './wait-reason.ts';

const at = new Date('2026-01-30T08:35:00Z');
const free: SendingStanding = {
  isStopped: false,
  reason: 'at the beginning',
  changedBy: 'migration',
  changedAt: at,
  link: { isUp: true, since: at, problem: null },
};

describe('what keeps texts from leaving', () => {
  test.each([
    ['nothing', {}, null],
    [
      'the stop switch, with who and why',
      { isStopped: true, changedBy: 'shift-2', reason: 'wrong texts' },
      'sending is stopped since 2026-01-30T08:35:00.000Z by shift-2: wrong texts',
    ],
    [
      'a link that is down, with its reason',
      { link: { isUp: false, since: at, problem: 'transceiver: ECONNREFUSED' } },
      'the SMPP link is down since 2026-01-30T08:35:00.000Z: transceiver: ECONNREFUSED',
    ],
    [
      'a link that was never bound',
      { link: { isUp: false, since: at, problem: null } },
      'the SMPP link is down since 2026-01-30T08:35:00.000Z: not bound yet',
    ],
    [
      'the switch before the link: a person has to turn it back',
      { isStopped: true, changedBy: 'shift-2', reason: 'drill', link: { isUp: false, since: at, problem: 'x' } },
      'sending is stopped since 2026-01-30T08:35:00.000Z by shift-2: drill',
    ],
  ])('is %s', (_what, change, words) => {
    expect(obstacleOf({ ...free, ...change })).toBe(words);
  });

  test('is, of one run, also what goes before it', () => {
    expect(waitReason(null, 4_500)).toBe('waiting behind 4500 contacts of earlier runs');
    expect(waitReason(null, 0)).toBeNull();
    expect(waitReason('the SMPP link is down', 4_500)).toBe('the SMPP link is down');
  });
});
