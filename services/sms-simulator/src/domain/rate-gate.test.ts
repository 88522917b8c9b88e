import { describe, expect, test } from '@jest/globals';
import { rateGate } from './rate-gate.ts';

/** How many of 100 a millisecond pass in `seconds`. */
function passed(perSecond: number | null, seconds: number): number {
  const gate = rateGate();
  let count = 0;
  for (let ms = 0; ms < seconds * 1_000; ms += 1)
    for (let each = 0; each < 100; each += 1) count += gate(ms, perSecond) ? 1 : 0;
  return count;
}

describe('rate gate', () => {
  test('lets everything through without a rate', () => {
    expect(passed(null, 1)).toBe(100_000);
  });

  test.each([1, 50, 1_000])('lets %d a second through, a tenth of them at once', (perSecond) => {
    expect(Math.abs(passed(perSecond, 10) - perSecond * 10)).toBeLessThanOrEqual(Math.max(1, perSecond / 10) + 1);
  });
});
