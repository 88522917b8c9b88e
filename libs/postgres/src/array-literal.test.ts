import { describe, expect, test } from '@jest/globals';
import { arrayLiteral } from './array-literal.ts';

describe('arrayLiteral', () => {
  test.each([
    ['nothing', [], '{}'],
    [
      'ids and numbers as they are',
      ['0198c0de-0000-7000-8000-000000000001', 7, 9n, -1.5],
      '{0198c0de-0000-7000-8000-000000000001,7,9,-1.5}',
    ],
    ['null, and texts that look like it', [null, 'NULL', 'null', 'nullable'], '{NULL,"NULL","null",nullable}'],
    ['an empty text', [''], '{""}'],
    ['quotes, backslashes, braces, commas', ['a"b', 'a\\b', '{a,b}'], '{"a\\"b","a\\\\b","{a,b}"}'],
    ['white space and Hindi', [' a\n', 'बिजली'], '{" a\n","बिजली"}'],
    ['booleans', [true, false], '{true,false}'],
  ])('writes %s', (_what, values, literal) => {
    expect(arrayLiteral(values)).toBe(literal);
  });

  test.each([[Buffer.from('a')], [new Date()], [['a']], [undefined]])('leaves %p to node-postgres', (value) => {
    expect(arrayLiteral(['a', value])).toBeNull();
  });
});
