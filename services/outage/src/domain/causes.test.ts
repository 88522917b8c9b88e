import { describe, expect, test } from '@jest/globals';
import { outageEventValues } from '@bijli/events';
import { causeCodes, causes } from './causes.ts';

describe('causes', () => {
  test('are those of the schema', () => {
    expect([...causeCodes].sort()).toEqual([...outageEventValues.cause].sort());
  });

  test.each(causeCodes)('%s has a sensible duration', (code) => {
    const { defaultDurationMinutes } = causes[code];

    expect(defaultDurationMinutes).toBeGreaterThanOrEqual(30);
    expect(defaultDurationMinutes).toBeLessThanOrEqual(24 * 60);
  });
});
