import { describe, expect, test } from '@jest/globals';
import { bindNamed } from './bind-named.ts';

describe('bindNamed', () => {
  test('puts each value where its name stands, as often as it stands there', () => {
    expect(bindNamed('select :b, :a where x = :b', { a: 1, b: 'two' })).toEqual({
      sql: 'select ?, ? where x = ?',
      inOrder: ['two', 1, 'two'],
    });
  });

  test.each([
    ['a cast', `select :ids::text[], x::date`, `select ?::text[], x::date`],
    ['a time of day', `select :ids, to_char(x, 'HH24:MI')`, `select ?, to_char(x, 'HH24:MI')`],
    ['an operator of jsonb', `select :ids, x ? 'key'`, `select ?, x \\? 'key'`],
    ['JSON', `select :ids, '{"isLit":true}'::json`, `select ?, '{"isLit":true}'::json`],
    ['a slice', `select x[1:y] where :ids`, `select x[1:y] where ?`],
  ])('leaves %s as it is', (_what, text, sql) => {
    expect(bindNamed(text, { ids: ['a'] })).toEqual({ sql, inOrder: [['a']] });
  });

  test('refuses a name without value and a value without place, by name', () => {
    expect(() => bindNamed('select :key', {})).toThrow(':key');
    expect(() => bindNamed('select :toString', {})).toThrow(':toString');
    expect(() => bindNamed('select 1', { key: 1, other: 2 })).toThrow(':key, :other');
  });
});
