import { describe, expect, test } from '@jest/globals';
import { copyLine } from './copy-text.ts';

describe('copyLine', () => {
  test.each([
    ['null', [null], '\\N\n'],
    ['an empty text, which is not null', [''], '\n'],
    ['a text that looks like null', ['\\N'], '\\\\N\n'],
    ['tab, newline, carriage return and backslash', ['a\tb\nc\rd\\e'], 'a\\tb\\nc\\rd\\\\e\n'],
    ['Hindi and an emoji as they are', ['बिजली ⚡'], 'बिजली ⚡\n'],
    ['a bigint beyond 2^53', [-9_223_372_036_854_775_808n], '-9223372036854775808\n'],
    ['a boolean', [true, false], 't\tf\n'],
    ['bytes in hex', [Buffer.from([0, 92, 255])], '\\\\x005cff\n'],
    ['an instant in UTC', [new Date('2026-01-30T14:05:00+05:30')], '2026-01-30T08:35:00.000Z\n'],
  ])('writes %s', (_what, row, line) => {
    expect(copyLine(row)).toBe(line);
  });

  test.each([[Number.NaN], [Number.POSITIVE_INFINITY], [new Date('no date')]])('refuses %s', (value) => {
    expect(() => copyLine([value])).toThrow(RangeError);
  });
});
