import { describe, expect, test } from '@jest/globals';
import { soughtDigits } from './sought-digits.ts';

describe('the digits that a person looks for', () => {
  test.each([
    ['83538 5', '835385'],
    ['८३५३८ ५७९२७', '8353857927'],
    ['٨٣٥٣٨', '83538'],
    ['８３५38', '83538'],
    ['𝟖𝟑𝟓', '835'],
    ['౦౧౨౩౪౫౬౭౮౯', '0123456789'],
    ['+91 83538-57927', '8353857927'],
    ['\u200e८३', '83'],
    ['½², nonsense', ''],
    ['nonsense', ''],
    ['', ''],
  ])('of %j are %j', (typed, digits) => {
    expect(soughtDigits(typed)).toBe(digits);
  });

  test('are those of every script of Unicode, zero to nine', () => {
    const all = Array.from({ length: 0x1_fbfa }, (_none, code) => code).filter(
      (code) => (code < 0xd800 || code > 0xdfff) && /\p{Nd}/u.test(String.fromCodePoint(code)),
    );
    const wrong = all.filter((code, index) => soughtDigits(String.fromCodePoint(code)) !== String(index % 10));

    expect(all.length).toBeGreaterThan(600);
    expect(wrong.map((code) => code.toString(16))).toEqual([]);
  });
});
