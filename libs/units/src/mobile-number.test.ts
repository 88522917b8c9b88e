import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type MobileNumber, maskMobileNumber, parseMobileNumber } from './mobile-number.ts';

const plain = fc
  .tuple(fc.constantFrom('6', '7', '8', '9'), fc.stringMatching(/^[0-9]{9}$/))
  .map(([first, rest]) => first + rest)
  .filter((digits) => !/^(.)\1{9}$/.test(digits));

describe('parseMobileNumber', () => {
  test.each([
    '9876543210',
    '09876543210',
    '919876543210',
    '+919876543210',
    '+91 98765 43210',
    ' 98765-43210 ',
    '+91-98765–43210',
    '९८७६५४३२१०',
    '+९१ ९८७६५ ४३२१०',
    '98765\u00a043210',
  ])('reads %s', (text) => {
    expect(parseMobileNumber(text)).toEqual({ ok: true, number: '9876543210' });
  });

  test.each([
    ['', 'empty'],
    ['  - ', 'empty'],
    ['98765x3210', 'not-digits'],
    ['9.87E+09', 'not-digits'],
    ['९८७६५abc', 'not-digits'],
    ['98765+43210', 'not-digits'],
    ['９８７６５４３２１０', 'not-digits'],
    ['9876543210;drop', 'not-digits'],
    ['+', 'not-digits'],
    ['987654321', 'length'],
    ['98765432101', 'length'],
    ['+9198765432101', 'length'],
    ['00919876543210', 'length'],
    ['5876543210', 'range'],
    ['0587654321', 'range'],
    ['+441632960961', 'range'],
    ['9999999999', 'all-same-digit'],
    ['+91 77777 77777', 'all-same-digit'],
    ['0000000000', 'all-same-digit'],
  ])('refuses %p: %s', (text, rule) => {
    expect(parseMobileNumber(text)).toEqual({ ok: false, rule });
  });

  test('reads a number that itself begins with 91', () => {
    expect(parseMobileNumber('9198765432')).toEqual({ ok: true, number: '9198765432' });
    expect(parseMobileNumber('919198765432')).toEqual({ ok: true, number: '9198765432' });
  });

  test('gives the same number for every way of writing it', () => {
    const prefix = fc.constantFrom('', '0', '91', '+91', '+91 ', '+91-');
    const gap = fc.constantFrom('', ' ', '-', '  ', ' – ');
    const script = fc.boolean();
    fc.assert(
      fc.property(plain, prefix, gap, script, (digits, before, between, devanagari) => {
        const text = `${before}${digits.slice(0, 5)}${between}${digits.slice(5)}`;
        const written = devanagari ? text.replace(/\d/g, (digit) => String.fromCodePoint(0x966 + Number(digit))) : text;
        expect(parseMobileNumber(written)).toEqual({ ok: true, number: digits });
      }),
    );
  });

  test('accepts nothing but ten digits from 6 to 9, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        const parsed = parseMobileNumber(text);
        expect(parsed.ok ? parsed.number : '9876543210').toMatch(/^[6-9][0-9]{9}$/);
      }),
    );
  });
});

describe('maskMobileNumber', () => {
  test('shows the first two and the last two digits', () => {
    expect(maskMobileNumber('9876543210' as MobileNumber)).toBe('98••••••10');
  });
});
