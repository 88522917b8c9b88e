import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dayOf, istDayOf } from './civil-date.ts';

const DAY_MS = 86_400_000;

describe('a civil date', () => {
  test.each([
    ['1970-01-01', 0],
    ['1970-01-02', 1],
    ['2000-02-29', 11_016],
    ['2024-02-29', 19_782],
    ['2026-12-31', 20_818],
  ])('%s is one', (text, day) => {
    expect(dayOf(text)).toBe(day);
  });

  test.each([
    '',
    '2026-02-30',
    '2026-02-29',
    '1900-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '2026-1-30',
    '30-01-2026',
    '2026-01-30T00:00:00Z',
    ' 2026-01-30',
    '2026-01-30\n',
    '२०२६-०१-३०',
    '12026-01-30',
  ])('%j is none', (text) => {
    expect(dayOf(text)).toBeNull();
  });

  test('is every day that a calendar has', () => {
    const days = fc.integer({ min: Date.UTC(1900, 0, 1) / DAY_MS, max: Date.UTC(2399, 11, 31) / DAY_MS });
    fc.assert(
      fc.property(days, (day) =>
        expect(dayOf(new Date(day * DAY_MS).toISOString().slice(0, '2026-01-30'.length))).toBe(day),
      ),
    );
  });

  test('begins in India at 18:30 UTC', () => {
    expect(istDayOf(new Date('2026-01-30T18:29:59.999Z'))).toBe(dayOf('2026-01-30'));
    expect(istDayOf(new Date('2026-01-30T18:30:00.000Z'))).toBe(dayOf('2026-01-31'));
  });
});
