import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Period, periodContains, periodsOverlap } from './period.ts';

const at = (minute: number): Date => new Date(minute * 60_000);
const minute = fc.integer({ min: 0, max: 30 });
const period = fc
  .tuple(minute, fc.option(fc.integer({ min: 1, max: 10 })))
  .map(([from, length]): Period => ({ from: at(from), to: length === null ? null : at(from + length) }));

describe('periodContains', () => {
  const tenToTwenty = { from: at(10), to: at(20) };

  test.each([
    [9, false],
    [10, true],
    [19, true],
    [20, false],
  ])('has the start and not the end (minute %i)', (instant, inside) => {
    expect(periodContains(tenToTwenty, at(instant))).toBe(inside);
  });

  test('goes on for ever when it is open', () => {
    expect(periodContains({ from: at(10), to: null }, new Date(8.64e15))).toBe(true);
  });
});

describe('periodsOverlap', () => {
  test('is false for periods that touch', () => {
    expect(periodsOverlap({ from: at(1), to: at(2) }, { from: at(2), to: null })).toBe(false);
  });

  test('is true exactly when some instant lies in both', () => {
    fc.assert(
      fc.property(period, period, (one, other) => {
        const shared = Array.from({ length: 50 }, (_, each) => at(each)).some(
          (instant) => periodContains(one, instant) && periodContains(other, instant),
        );
        expect(periodsOverlap(one, other)).toBe(shared);
        expect(periodsOverlap(other, one)).toBe(shared);
      }),
    );
  });

  test('is false for an empty period', () => {
    expect(periodsOverlap({ from: at(5), to: at(5) }, { from: at(0), to: null })).toBe(false);
  });
});
