import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cleanAccountNumber } from './account-number.ts';

describe('cleanAccountNumber', () => {
  test.each([
    ['a decimal', '4200000200.0'],
    ['the text mark of a spreadsheet', "'4200000200"],
    ['a formula that is a text', '="4200000200"'],
    ['spaces', '4200 000 200 '],
    ['a no-break space', '4200000200\u00a0'],
    ['marks of direction', '\u202a4200000200\u202c'],
    ['a zero-width space', '42000\u200b00200'],
    ['Devanagari digits', '४२०००००२००'],
    ['full-width digits', '４２０００００２００'],
  ])('drops %s', (_name, text) => {
    expect(cleanAccountNumber(text)).toBe('4200000200');
  });

  test.each(['R331679', 'K-12', 'A/7-3', '420000020', '4.2E+09', '4200000О00', '98765.43210', ''])(
    'leaves %j as it is',
    (text) => {
      expect(cleanAccountNumber(text)).toBe(text);
    },
  );

  test('cleans nothing more the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'09٩.\'"= -/A\u200b'), maxLength: 15 }), (text) => {
        const cleaned = cleanAccountNumber(text);
        fc.pre(/^[A-Za-z0-9/-]*$/.test(cleaned));
        expect(cleanAccountNumber(cleaned)).toBe(cleaned);
      }),
    );
  });
});
