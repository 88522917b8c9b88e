import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatRupees, paise } from './money.ts';

describe('paise', () => {
  test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -(2 ** 53)])('refuses %p', (amount) => {
    expect(() => paise(amount)).toThrow(RangeError);
  });

  test('has no negative zero', () => {
    expect(Object.is(paise(-0), 0)).toBe(true);
  });
});

describe('formatRupees', () => {
  test.each([
    [145_050, '1450.50'],
    [0, '0.00'],
    [5, '0.05'],
    [-5, '-0.05'],
    [-100, '-1.00'],
    [100_000_000, '1000000.00'],
    [Number.MAX_SAFE_INTEGER, '90071992547409.91'],
  ])('writes %i paise as %s', (amount, text) => {
    expect(formatRupees(paise(amount))).toBe(text);
  });

  test('loses nothing: the digits are the amount', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (amount) => {
        expect(Number(formatRupees(paise(amount)).replace('.', ''))).toBe(amount === 0 ? 0 : amount);
      }),
    );
  });
});
