import { describe, expect, test } from '@jest/globals';
import { MASKED_NUMBER, maskNumbers } from './mask-numbers.ts';

describe('maskNumbers', () => {
  test.each([
    '9876543210',
    '09876543210',
    '919876543210',
    '+919876543210',
    '+91 98765 43210',
    '98765-43210',
    '९८७६५४३२१०',
    '+९१ ९८७६५ ४३२१०',
  ])('masks %s', (number) => {
    expect(maskNumbers(`{"detail":"key (${number}) exists"}`)).toBe(`{"detail":"key (${MASKED_NUMBER}) exists"}`);
  });

  test('keeps a line valid JSON where the number was a number', () => {
    expect(JSON.parse(maskNumbers('{"a":9876543210,"b":[919876543210]}'))).toEqual({
      a: 9_999_999_999,
      b: [9_999_999_999],
    });
  });

  test.each([
    'traceId 4bf92f3577b34da6a3ce929d0e0e4736',
    'a9876543210b',
    '0192f0c1-5e0b-7d3a-9d1a-2f1f8e1b7c55',
    '1795474897366',
    '5876543210',
    '98765432101',
  ])('leaves %s', (text) => {
    expect(maskNumbers(text)).toBe(text);
  });
});
