import { describe, expect, test } from '@jest/globals';
import { outageEventValues } from '@bijli/events';
import { causeCodes, causes } from './causes.ts';

describe('causes', () => {
  test('are those of the schema', () => {
    expect([...causeCodes].sort()).toEqual([...outageEventValues.cause].sort());
  });

  test.each(causeCodes)('%s has labels that fit an SMS and a sensible duration', (code) => {
    const { hi, en, defaultDurationMinutes } = causes[code];

    expect(hi.length).toBeLessThanOrEqual(11);
    expect(hi).toMatch(/^[\u0900-\u097f ]+$/);
    expect(en).toMatch(/^[a-z ]+$/);
    expect(defaultDurationMinutes).toBeGreaterThanOrEqual(30);
    expect(defaultDurationMinutes).toBeLessThanOrEqual(24 * 60);
  });
});
