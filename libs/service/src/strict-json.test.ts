import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseStrictJson, safeSegment } from './strict-json.ts';

describe('parseStrictJson', () => {
  test('reads whatever JSON.parse reads', () => {
    const harmless = fc.json({ maxDepth: 6 }).filter((text) => !/__proto__|\\u0000/.test(text));

    fc.assert(
      fc.property(harmless, (text) => {
        expect(parseStrictJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  test.each([
    ['broken JSON', '{"a":', '', 'json'],
    ['an empty text', '', '', 'json'],
    ['two equal keys', '{"a":1,"a":2}', '/a', 'duplicate-key'],
    ['two equal keys, one written with an escape', '{"a":1,"\\u0061":2}', '/a', 'duplicate-key'],
    ['two equal keys deep inside', '{"a":[1,{"b":{"c":1 , "c" :2}}]}', '/a/1/b/c', 'duplicate-key'],
    ['__proto__', '{"a":{"__proto__":{"isAdmin":true}}}', '/a/__proto__', 'reserved-key'],
    ['__proto__ with an escape', '{"\\u005f_proto__":1}', '/__proto__', 'reserved-key'],
    ['NUL in a value', '{"a":["x","y\\u0000"]}', '/a/1', 'nul-character'],
    ['NUL in a key', '{"a\\u0000":1}', '/', 'nul-character'],
    ['33 arrays in each other', '['.repeat(33) + ']'.repeat(33), '', 'depth'],
    ['50,000 arrays that never end', '['.repeat(50_000), '', 'depth'],
    ['a key that could be a mobile number', '{"9876543210":1,"9876543210":2}', '/?', 'duplicate-key'],
  ])('refuses %s', (_what, text, field, rule) => {
    expect(parseStrictJson(text)).toEqual({ ok: false, field, rule });
  });

  test('lets equal keys stand in different objects, and brackets and quotes in texts', () => {
    const value = [{ a: '}{][",:\\' }, { a: { a: '{"a":1,"a":2}' } }];

    expect(parseStrictJson(JSON.stringify(value))).toEqual({ ok: true, value });
  });
});

describe('safeSegment', () => {
  test('tells plain names back and nothing else', () => {
    expect(['nodeIds', 'if-match', 'm98765', 'a b', 'x'.repeat(41), '<script>'].map(safeSegment)).toEqual([
      'nodeIds',
      'if-match',
      '?',
      '?',
      '?',
      '?',
    ]);
  });
});
