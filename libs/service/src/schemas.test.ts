import { describe, expect, test } from '@jest/globals';
import {
  accountNumberAs,
  decodeCursor,
  encodeCursor,
  idempotencyKey,
  ifMatch,
  instant,
  operatorText,
  versionTag,
} from './schemas.ts';

describe('instant', () => {
  test.each([
    ['2026-01-30T14:05:00+05:30', '2026-01-30T08:35:00.000Z'],
    ['2026-01-30T14:05:00.123456Z', '2026-01-30T14:05:00.123Z'],
    ['2024-02-29T00:00:00-00:30', '2024-02-29T00:30:00.000Z'],
  ])('reads %s', (text, utc) => {
    expect(instant.parse(text).toISOString()).toBe(utc);
  });

  test.each([
    '2026-01-30T14:05:00',
    '2026-01-30',
    '2026-01-30 14:05:00Z',
    '2026-02-29T00:00:00Z',
    '2026-01-30T24:00:00Z',
    '2026-01-30T14:05Z',
    '1769783700',
    '+012026-01-30T14:05:00Z',
    '',
  ])('refuses "%s"', (text) => {
    expect(instant.safeParse(text).success).toBe(false);
  });
});

describe('accountNumberAs', () => {
  const account = accountNumberAs(/^[0-9]{10}$/, 'Write ten digits');

  test.each(['4100000001', ' 41000 00001', '४१०००००००१', "'4100000001", '4100000001.0', '\u202a4100000001\u202c'])(
    'reads %j',
    (text) => {
      expect(account.parse(text)).toBe('4100000001');
    },
  );

  test.each(['410000000', '41000000011', '410000000О', '4.1E+09', ''])('refuses %j', (text) => {
    expect(account.safeParse(text).success).toBe(false);
  });
});

describe('operatorText', () => {
  const text = operatorText(40);
  const rules = (given: string) =>
    text.safeParse(given).error?.issues.map((issue) => (issue.code === 'custom' ? issue.params?.['rule'] : issue.code));

  test.each([
    'night shift',
    'op-221',
    'रात की पाली',
    'क्\u200dष',
    '🙂 ok',
    'since 30-01-2026 10:00',
    'M/s Sharma & Sons',
  ])('takes %j', (given) => {
    expect(text.parse(given)).toBe(given);
  });

  test.each([
    ['', ['too_small', 'required']],
    [' - ', ['required']],
    ['x'.repeat(41), ['too_big']],
    ['98765 01234', ['mobile-number']],
    ['call ९८७६५०१२३४', ['mobile-number']],
    ['\uff19\uff18\uff17\uff16\uff15\uff10\uff11\uff12\uff13\uff14', ['mobile-number']],
    ['9-8-7-6-5-0-1-2-3-4', ['mobile-number']],
    ['98765\u200b01234', ['mobile-number']],
    ['+91 (98765) 01234', ['mobile-number']],
    ['op\u202e1', ['control-character']],
    ['op\u0000', ['control-character']],
    ['two\nlines', ['control-character']],
    ['op\u2028', ['control-character']],
    ['op\ud800', ['control-character']],
    ['\u202a98765\u202c 01234', ['control-character', 'mobile-number']],
  ])('refuses %j', (given, expected) => {
    expect(rules(given)).toEqual(expected);
  });
});

describe('cursors', () => {
  test('come back as they went', () => {
    const cursor = encodeCursor(['2026-01-30T08:35:00.000Z', 7]);

    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(decodeCursor(cursor, 2)).toEqual(['2026-01-30T08:35:00.000Z', 7]);
  });

  test.each([
    'x',
    '',
    Buffer.from('{"a":1}').toString('base64url'),
    encodeCursor(['one']),
    Buffer.from('[1,{}]').toString('base64url'),
  ])('"%s" is none of ours', (cursor) => {
    expect(decodeCursor(cursor, 2)).toBeNull();
  });
});

test('a version and its tag', () => {
  expect(ifMatch.parse(versionTag(3))).toBe(3);
  expect(['3', 'W/"3"', '*', '"0"', '"a"'].map((tag) => ifMatch.safeParse(tag).success)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});

test('an idempotency key is 1 to 255 visible ASCII characters, and a refusal says so', () => {
  const taken = ['k', 'x'.repeat(255), 'a b', 'ü', 'x'.repeat(256), ''].map((key) => idempotencyKey.safeParse(key));

  expect(taken.map(({ success }) => success)).toEqual([true, true, false, false, false, false]);
  expect(taken.at(4)?.error?.issues[0]?.message).toBe('Use 1 to 255 visible ASCII characters');
});
