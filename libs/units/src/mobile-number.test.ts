import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type MobileNumber, maskMobileNumber, parseMobileNumber } from './mobile-number.ts';

const plain = fc
  .tuple(fc.constantFrom('6', '7', '8', '9'), fc.stringMatching(/^[0-9]{9}$/))
  .map(([first, rest]) => first + rest)
  .filter((digits) => !/^(.)\1{9}$/.test(digits));

function read(text: string): string {
  const parsed = parseMobileNumber(text);
  return parsed.ok ? parsed.number : parsed.rule;
}

describe('parseMobileNumber', () => {
  test.each([
    ['ten digits', '9876543210'],
    ['a trunk zero', '09876543210'],
    ['a country code', '919876543210'],
    ['a country code with plus', '+919876543210'],
    ['an international prefix', '00919876543210'],
    ['half an international prefix', '0919876543210'],
    ['a trunk zero in brackets', '+91 (0) 98765 43210'],
    ['a trunk zero after the country code', '+9109876543210'],
    ['both after a dash', '91-09876543210'],
    ['spaces', '+91 98765 43210'],
    ['dashes and spaces around', ' 98765-43210 '],
    ['long dashes', '+91-98765–43210'],
    ['dots', '98765.43210'],
    ['many dots', '98.76.54.32.10'],
    ['brackets', '(98765) 43210'],
    ['a country code in brackets', '(+91) 98765 43210'],
    ['a slash', '98765/43210'],
    ['thousands', '9,876,543,210.00'],
    ['Devanagari digits', '९८७६५४३२१०'],
    ['Devanagari digits with a country code', '+९१ ९८७६५ ४३२१०'],
    ['Bengali digits', '৯৮৭৬৫৪৩২১০'],
    ['Arabic digits', '٩٨٧٦٥٤٣٢١٠'],
    ['digits of two scripts', '98765४३२१०'],
    ['full-width digits and plus', '＋９１９８７６５４３２１０'],
    ['digits outside the first plane', '𝟗𝟖𝟕𝟔𝟓𝟒𝟑𝟐𝟏𝟎'],
    ['a no-break space', '98765\u00a043210'],
    ['a narrow no-break space', '98765\u202f43210'],
    ['a tab behind', '9876543210\t'],
    ['a direction embedded', '\u202a+91 98765 43210\u202c'],
    ['a direction isolated', '\u20689876543210\u2069'],
    ['a mark of direction', '\u200e9876543210'],
    ['a zero-width space', '98765\u200b43210'],
    ['joiners', '98765\u200c\u200d43210'],
    ['a variation selector', '9876543210\ufe0e'],
    ['a word joiner', '\u20609876543210'],
    ['a byte order mark', '\ufeff9876543210'],
    ['a soft hyphen', '98765\u00ad43210'],
    ['a decimal', '9876543210.0'],
    ['two decimals', '9876543210.00'],
    ['the text mark of a spreadsheet', "'9876543210"],
    ['a formula that is a text', '="9876543210"'],
    ['quotes', '"9876543210"'],
    ['tel:', 'tel:+919876543210'],
    ['Mob.', 'Mob. 9876543210'],
    ['Mobile No. :', 'MOBILE No. : +91 98765 43210'],
    ['Ph-', 'Ph-9876543210'],
    ['a word in Hindi', 'मोबाइल: ९८७६५४३२१०'],
    ['a Hindi abbreviation with its sign', 'मो॰ 9876543210'],
    ['a Hindi abbreviation with a zero for the sign', 'मो० 9876543210'],
  ])('reads %s', (_name, text) => {
    expect(parseMobileNumber(text)).toEqual({ ok: true, number: '9876543210', secondAt: null });
  });

  test.each([
    ['', 'empty'],
    ['  - ', 'empty'],
    ['\u200b\u00a0', 'empty'],
    ['="', 'empty'],
    ['98765x3210', 'not-digits'],
    ['98765\u041e3210', 'not-digits'],
    ['9876543210\u00b2', 'not-digits'],
    ['98765\u000043210', 'not-digits'],
    ['Mob.', 'not-digits'],
    ['no mobile', 'not-digits'],
    ['Asha 9876543210', 'not-digits'],
    ['9876543210 (M)', 'not-digits'],
    ['९८७६५abc', 'not-digits'],
    ['98765+43210', 'not-digits'],
    ['9876543210;drop', 'not-digits'],
    ['+', 'not-digits'],
    ['9.87E+09', 'scientific-notation'],
    ['9,87E+09', 'scientific-notation'],
    ['9.876543210E9', 'scientific-notation'],
    ['987654321', 'length'],
    ['98765432101', 'length'],
    ['9876543210 1', 'length'],
    ['9876543210/1', 'length'],
    ['987654321.0', 'length'],
    ['98765432.00', 'length'],
    ['98765432109876543211', 'length'],
    ['+9198765432101', 'length'],
    ['0009876543210', 'length'],
    ['9'.repeat(4_000), 'length'],
    ['5876543210', 'range'],
    ['0587654321', 'range'],
    ['+441632960961', 'range'],
    ['+9876543210', 'range'],
    ['9999999999', 'all-same-digit'],
    ['+91 77777 77777', 'all-same-digit'],
    ['0000000000', 'all-same-digit'],
  ])('refuses %j: %s', (text, rule) => {
    expect(parseMobileNumber(text)).toEqual({ ok: false, rule });
  });

  test.each([
    ['9876543210/9876543211', '9876543211'],
    ['9876543210,9876543211', '9876543211'],
    ['98765 43210 98765 43211', '98765 43211'],
    ['98765-43210 - 98765-43211', '98765-43211'],
    ['9876543210\n9876543211', '9876543211'],
    ['९८७६५४३२१० या ९८७६५४३२११', ' ९८७६५४३२११'],
    ['\u202a98765\u200b43210\u202c or +91 98765 43211', ' +91 98765 43211'],
    ['𝟗𝟖𝟕𝟔𝟓𝟒𝟑𝟐𝟏𝟎;9876543211', '9876543211'],
    ['9876543210.0/9876543211.0', '9876543211.0'],
    ['9876543210/11', '11'],
    ['Mob: 98765 43210, Ph: 0522 2345678', ' Ph: 0522 2345678'],
    ['9876543210 9876543211 9876543212', '9876543211 9876543212'],
  ])('reads the first of two numbers in %j and tells where the second stands', (text, second) => {
    expect(parseMobileNumber(text)).toEqual({ ok: true, number: '9876543210', secondAt: text.indexOf(second) });
  });

  test.each(['5876543210/9876543210', '987654321/9876543210', 'x/9876543210', '9999999999,9876543210'])(
    'does not read the second of two numbers in %j when the first is none',
    (text) => {
      expect(parseMobileNumber(text).ok).toBe(false);
    },
  );

  test('reads a number that itself begins with 91', () => {
    for (const text of ['9198765432', '919198765432', '+91-9198765432', '09198765432'])
      expect(read(text)).toBe('9198765432');
  });

  test('gives the same number for every way of writing it', () => {
    const prefix = fc.constantFrom(
      '',
      '0',
      '91',
      '+91',
      '+91 ',
      '+91-',
      '0091',
      '091-',
      '+91 (0)',
      '+910',
      '91-0',
      "'",
    );
    const gap = fc.constantFrom('', ' ', '-', '  ', ' – ', '.', ') ', '\u00a0', '\u200b', '\u202c', '\ufe0f');
    const word = fc.constantFrom('', 'tel:', 'Mob. ', 'मो. ', '\u202a', '\ufeff');
    const zero = fc.constantFrom(0x30, 0x660, 0x966, 0x9e6, 0xff10, 0x1d7ce);
    fc.assert(
      fc.property(plain, word, prefix, gap, zero, (digits, before, code, between, firstDigit) => {
        const text = `${before}${code}${digits.slice(0, 5)}${between}${digits.slice(5)}`;
        const written = text.replace(/\d/g, (digit) => String.fromCodePoint(firstDigit + Number(digit)));
        expect(read(code === "'" ? `${code}${digits}` : written)).toBe(digits);
      }),
    );
  });

  test('accepts nothing but ten digits from 6 to 9, whatever the text', () => {
    const odd = fc.string({ unit: fc.constantFrom(...'0169٩९+-./,; ()eE\'"=moब\u200b'), maxLength: 30 });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), odd), (text) => {
        const parsed = parseMobileNumber(text);
        expect(parsed.ok ? parsed.number : '9876543210').toMatch(/^[6-9][0-9]{9}$/);
      }),
    );
  });

  test('reads a digit too many or too few in no way of writing', () => {
    const wrong = fc.stringMatching(/^[6-8][0-9]{8}$|^[6-8][0-9]{10}$/);
    const prefix = fc.constantFrom('', '+91', '0', '0091', '+91 (0)', 'tel:', '\u200e');
    fc.assert(
      fc.property(wrong, prefix, fc.constantFrom('', '.0'), (digits, before, behind) => {
        expect(parseMobileNumber(`${before}${digits}${behind}`).ok).toBe(false);
      }),
    );
  });
});

describe('maskMobileNumber', () => {
  test('shows the first two and the last two digits', () => {
    expect(maskMobileNumber('9876543210' as MobileNumber)).toBe('98••••••10');
  });
});
