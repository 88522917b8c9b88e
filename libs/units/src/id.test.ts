import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isUuid, newId } from './id.ts';

describe('newId', () => {
  test('is a UUID of version 7 that begins with the time', () => {
    const now = Date.UTC(2026, 0, 30, 8, 35);
    const id = newId(now);

    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(now);
  });

  test('sorts by time', () => {
    const time = fc.nat({ max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(time, fc.integer({ min: 1, max: 1_000_000 }), (now, later) => {
        expect(newId(now) < newId(now + later)).toBe(true);
      }),
    );
  });

  test('does not repeat itself', () => {
    const ids = Array.from({ length: 20_000 }, () => newId(0));

    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('isUuid', () => {
  test('knows what newId makes', () => {
    expect(isUuid(newId())).toBe(true);
  });

  test.each([
    '',
    'F-1203',
    newId().toUpperCase(),
    ` ${newId()}`,
    `${newId()}\n`,
    '00000000-0000-0000-0000-000000000000',
  ])('refuses %p', (text) => {
    expect(isUuid(text)).toBe(false);
  });
});
