import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mentionsMobileNumber } from './mentions-mobile-number.ts';

describe('mentionsMobileNumber', () => {
  test.each([
    ['ten digits', '9876501234'],
    ['spaces', ' 98765 01234 '],
    ['a space after every digit', '9 8 7 6 5 0 1 2 3 4'],
    ['Devanagari digits', 'call ९८७६५०१२३४'],
    ['full-width digits', '９８７６５０１２３４'],
    ['a zero-width space', '98765\u200b01234'],
    ['a country code', 'ring +91-98765-01234 first'],
    ['an international prefix', '00919876501234'],
    ['a trunk zero', '09876501234'],
    ['brackets and dots', '(987) 650.1234'],
    ['a comma', '98765,01234'],
    ['letters right beside it', 'je9876501234x'],
    ['another number before it', '1 9876501234'],
  ])('finds one with %s', (_name, text) => {
    expect(mentionsMobileNumber(text)).toBe(true);
  });

  test.each([
    'stopped 30-01-2026 10:00',
    '2026-01-30 14:05',
    '7:00-8:00 on 30-01-2026',
    'template 1107161234567890123 is blocked',
    'feeders 6, 7, 8, 9, 10, 11, 12',
    'office 0522-2345678',
    'op-221',
    '',
  ])('finds none in %j', (text) => {
    expect(mentionsMobileNumber(text)).toBe(false);
  });

  test('takes time that grows with the text only', () => {
    const text = '9 '.repeat(100_000);
    const startedAt = performance.now();

    expect(mentionsMobileNumber(`${text}x`)).toBe(true);
    expect(mentionsMobileNumber(`${'9 8 7 6 5 '.replaceAll(' ', '    ').repeat(20_000)}`)).toBe(false);

    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  test('finds every number that stands by itself', () => {
    const number = fc.stringMatching(/^[6-9][0-9]{9}$/);
    fc.assert(fc.property(number, (digits) => expect(mentionsMobileNumber(`call ${digits}.`)).toBe(true)));
  });
});
