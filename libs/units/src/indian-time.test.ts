import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isSameIstDay, istClock, istDate, istDay, istDayMonth } from './indian-time.ts';

describe('Indian time', () => {
  test.each([
    ['2026-01-30T08:35:59.999Z', '2026-01-30', '30-01', '14:05'],
    ['2026-01-30T18:29:59.999Z', '2026-01-30', '30-01', '23:59'],
    ['2026-01-30T18:30:00.000Z', '2026-01-31', '31-01', '00:00'],
    ['2025-12-31T18:30:00.000Z', '2026-01-01', '01-01', '00:00'],
    ['2024-02-28T18:30:00.000Z', '2024-02-29', '29-02', '00:00'],
    ['1969-12-31T18:30:00.000Z', '1970-01-01', '01-01', '00:00'],
  ])('reads %s as %s %s %s', (instant, day, dayMonth, clock) => {
    const at = new Date(instant);

    expect([istDay(at), istDayMonth(at), istClock(at)]).toEqual([day, dayMonth, clock]);
  });

  test('gives year, month from 1, and day', () => {
    expect(istDate(new Date('2025-12-31T18:30:00Z'))).toEqual({ year: 2026, month: 1, day: 1 });
  });

  test('changes day at 18:30 UTC', () => {
    expect(isSameIstDay(new Date('2026-01-30T18:29:59Z'), new Date('2026-01-29T18:30:00Z'))).toBe(true);
    expect(isSameIstDay(new Date('2026-01-30T18:29:59Z'), new Date('2026-01-30T18:30:00Z'))).toBe(false);
  });

  test('agrees with the locale data of Asia/Kolkata since 1946', () => {
    const kolkata = new Intl.DateTimeFormat('en-CA', {
      timeZone: 'Asia/Kolkata',
      dateStyle: 'short',
      timeStyle: 'short',
      hourCycle: 'h23',
    });
    fc.assert(
      fc.property(fc.date({ min: new Date('1946-01-01'), max: new Date('2199-12-31'), noInvalidDate: true }), (at) => {
        expect(`${istDay(at)}, ${istClock(at)}`).toBe(kolkata.format(at));
      }),
    );
  });
});
