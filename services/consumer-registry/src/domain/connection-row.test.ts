import { describe, expect, test } from '@jest/globals';
import { cellProblem, cleanerOf, readMobileCell, shapeOf } from './connection-row.ts';

describe('readMobileCell', () => {
  test('knows nothing, a number, and what is none', () => {
    for (const cell of ['', '-', '\u200b', '=""']) expect(readMobileCell(cell)).toEqual({ state: 'absent' });
    expect(readMobileCell('+91 98765 43210')).toEqual({
      state: 'collected',
      number: '9876543210',
      secondShape: null,
    });
  });

  test.each([
    ['9876543210/8765432109', '••••••••••/[••••••••••]'],
    ['98765\u200b43210 या ८७६५४३२१०९', '••••• ••••• xx[ ••••••••••]'],
    ['Mob. 9876543210, Ph. 0522 2345678', 'xxx. ••••••••••,[ xx. •••• •••••••]'],
  ])('takes the first number of %s and shows where the second stood', (cell, secondShape) => {
    expect(readMobileCell(cell)).toEqual({ state: 'collected', number: '9876543210', secondShape });
  });

  test.each([
    ['9.87E+09', 'scientific-notation', '•.••x+••'],
    ['9,87654e+09', 'scientific-notation', '•,•••••x+••'],
    ['98765', 'length', '•••••'],
    ['९८७६५', 'length', '•••••'],
    ['987654321/8765432109', 'length', '•••••••••/••••••••••'],
    ['98765О3210', 'not-digits', '•••••x••••'],
    ['no mobile', 'not-digits', 'xx xxxxxx'],
    ['आशा', 'not-digits', 'xxx'],
    ['5876543210', 'range', '••••••••••'],
    ['9999999999', 'all-same-digit', '••••••••••'],
  ])('calls %s malformed: %s', (cell, rule, shape) => {
    expect(readMobileCell(cell)).toEqual({ state: 'malformed', rule, shape });
  });
});

describe('shapeOf', () => {
  test('is short and has no control character', () => {
    expect(shapeOf(`9\u0000\u202e${'8'.repeat(100)}`)).toBe(`•  ${'•'.repeat(37)}`);
  });
});

describe('cleanerOf', () => {
  test.each([
    ['account_number', "'4200000200.0", '4200000200'],
    ['old_account_numbers', "'420000020012.0; R\u200b1 | K-१२", '420000020012;R1;K-12'],
    ['old_account_numbers', 'R1; $$$', 'R1;$$$'],
    ['old_account_numbers', 'R1 K-12', 'R1 K-12'],
    ['category', 'domestic\u200b', 'domestic'],
    ['category', 'd\u043emestic', 'd\u043emestic'],
    ['node_code', '\u202aF-1103\u202c', 'F-1103'],
    ['parent_code', 'Z.0', 'Z.0'],
  ])('cleans a cell of %s: %j', (column, cell, cleaned) => {
    expect(cleanerOf(column)?.(cell)).toBe(cleaned);
  });

  test.each(['consumer_name', 'locality_hi', 'meter_number', 'name_en'])('leaves %s as it is written', (column) => {
    expect(cleanerOf(column)).toBeNull();
  });
});

describe('cellProblem', () => {
  test.each([
    ['consumer_name', 'Asha Devi', null],
    ['consumer_name', 'क्\u200dष', null],
    ['consumer_name', '🙂', null],
    ['consumer_name', 'x'.repeat(4_000), 'too-long'],
    ['account_number', '1'.repeat(61), 'too-long'],
    ['consumer_name', 'a\u0000b', 'nul-character'],
    ['consumer_name', 'a\u202eb', 'control-character'],
    ['locality_en', 'a\nb', 'control-character'],
  ])('of %s %j is %s', (column, cell, rule) => {
    expect(cellProblem(column, cell)).toBe(rule);
  });
});
