import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { absoluteTime, parseAbsoluteTime } from './smpp-time.ts';

describe('absolute time', () => {
  test('is written in UTC with tenths', () => {
    expect(absoluteTime(new Date('2026-01-30T14:05:09.870Z'))).toBe('260130140509800+');
  });

  test('with a difference from UTC is read', () => {
    expect(parseAbsoluteTime('260130193509822+')).toEqual(new Date('2026-01-30T14:05:09.800Z'));
    expect(parseAbsoluteTime('260130090509820-')).toEqual(new Date('2026-01-30T14:05:09.800Z'));
  });

  test.each(['', '000001000000000R', '2601301405098', 'x60130140509800+'])('%p is none', (text) => {
    expect(parseAbsoluteTime(text)).toBeNull();
  });

  test('comes back to the tenth', () => {
    const instant = fc.date({
      min: new Date('2000-01-01T00:00:00Z'),
      max: new Date('2099-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instant, (at) => {
        const tenths = Math.floor(at.getTime() / 100) * 100;
        expect(parseAbsoluteTime(absoluteTime(at))).toEqual(new Date(tenths));
      }),
    );
  });
});
