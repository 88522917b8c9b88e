import { expect, test } from '@jest/globals';
import { complaintNumber } from './complaint-number.ts';

test('a complaint number has the year and seven digits, up to the last of the year', () => {
  expect([1, 4_217, 9_999_999].map((place) => complaintNumber(2026, place))).toEqual([
    'CMP-2026-0000001',
    'CMP-2026-0004217',
    'CMP-2026-9999999',
  ]);
});
