import { describe, expect, test } from '@jest/globals';
import { answered, type Breaker, closedBreaker, HEADER_RULE, NUMBERS_RULE, passes, probed } from './breaker.ts';

const bad = (breaker: Breaker, n: number, now: number) => answered(breaker, { good: 0, bad: n }, now, HEADER_RULE);

describe('a breaker', () => {
  test('opens when bad answers fill their share, and lets nothing pass', () => {
    const almost = bad(closedBreaker(), 9, 0);
    expect(passes(almost, 0)).toBe(Number.POSITIVE_INFINITY);

    const open = bad(almost, 1, 1_000);
    expect(open.state).toBe('open');
    expect(passes(open, 30_999)).toBe(0);
  });

  test('then lets one probe pass, and closes when it is good', () => {
    const open = bad(closedBreaker(), 10, 0);
    expect(passes(open, 30_000)).toBe(1);

    const half = probed(open, 30_000);
    expect(passes(half, 30_001)).toBe(0);
    expect(answered(half, { good: 1, bad: 0 }, 30_100, HEADER_RULE)).toEqual(closedBreaker());
  });

  test('waits longer each time that the probe is bad, up to the most', () => {
    let breaker = bad(closedBreaker(), 10, 0);
    const waits = Array.from({ length: 8 }, () => {
      if (breaker.state !== 'open') throw new Error('not open');
      const { until } = breaker;
      breaker = bad(probed(breaker, until), 1, until);
      return breaker.state === 'open' ? breaker.until - until : 0;
    });

    expect(waits).toEqual([60_000, 120_000, 240_000, 480_000, 600_000, 600_000, 600_000, 600_000]);
  });

  test('lets another probe pass when the answer to one never comes', () => {
    const half = probed(bad(closedBreaker(), 10, 0), 30_000);

    expect(passes(half, 44_999)).toBe(0);
    expect(passes(half, 45_000)).toBe(1);
  });

  test('does not open for one in fifty, however long it goes on', () => {
    let breaker = closedBreaker();
    for (let n = 0; n < 100; n += 1) breaker = answered(breaker, { good: 49, bad: 1 }, n, NUMBERS_RULE);

    expect(breaker.state).toBe('closed');
    expect(answered(closedBreaker(), { good: 180, bad: 11 }, 0, NUMBERS_RULE).state).toBe('open');
  });
});
