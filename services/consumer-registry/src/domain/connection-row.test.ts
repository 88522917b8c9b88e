import { describe, expect, test } from '@jest/globals';
import { cellProblem, readMobileCell, shapeOf } from './connection-row.ts';

describe('readMobileCell', () => {
  test('knows nothing, a number, and what is none', () => {
    expect(readMobileCell('')).toEqual({ state: 'absent' });
    expect(readMobileCell('+91 98765 43210')).toEqual({ state: 'collected', number: '9876543210' });
  });

  test.each([
    ['9.87E+09', 'scientific-notation', '•.••x+••'],
    ['9,87654e+09', 'scientific-notation', '•,•••••x+••'],
    ['98765', 'length', '•••••'],
    ['९८७६५', 'length', '•••••'],
    ['9876543210/8765432109', 'not-digits', '••••••••••/••••••••••'],
    ['no mobile', 'not-digits', 'xx xxxxxx'],
    ['आशा', 'not-digits', 'xxx'],
    ['5876543210', 'range', '••••••••••'],
    ['9999999999', 'all-same-digit', '••••••••••'],
    ['-', 'empty', '-'],
  ])('calls %s malformed: %s', (cell, rule, shape) => {
    expect(readMobileCell(cell)).toEqual({ state: 'malformed', rule, shape });
  });
});

describe('shapeOf', () => {
  test('is short and has no control character', () => {
    expect(shapeOf(`9\u0000\u202e${'8'.repeat(100)}`)).toBe(`•  ${'•'.repeat(37)}`);
  });
});

describe('cellProblem', () => {
  test.each([
    ['consumer_name', 'Asha Devi', undefined],
    ['consumer_name', 'क्\u200dष', undefined],
    ['consumer_name', '🙂', undefined],
    ['consumer_name', 'x'.repeat(4_000), 'too-long'],
    ['account_number', '1'.repeat(61), 'too-long'],
    ['consumer_name', 'a\u0000b', 'nul-character'],
    ['consumer_name', 'a\u202eb', 'control-character'],
    ['locality_en', 'a\nb', 'control-character'],
  ])('of %s %j is %s', (column, cell, rule) => {
    expect(cellProblem(column, cell)).toBe(rule);
  });
});
