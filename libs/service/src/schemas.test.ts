import { describe, expect, test } from '@jest/globals';
import { decodeCursor, encodeCursor, idempotencyKey, ifMatch, instant, versionTag } from './schemas.ts';

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
