import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkSecrets } from './check-secrets.ts';

const place = { data: '' };
beforeEach(() => {
  place.data = mkdtempSync(join(tmpdir(), 'check-secrets-'));
});
afterEach(() => rmSync(place.data, { recursive: true }));

function earlierStart(...secrets: string[]): void {
  mkdirSync(join(place.data, 'logs'));
  mkdirSync(join(place.data, 'secrets'));
  for (const name of secrets) writeFileSync(join(place.data, 'secrets', name), 'x');
}
const check =
  (fresh = false) =>
  () =>
    checkSecrets({ dataFolder: place.data, fresh });

describe('the keys of data that are there', () => {
  test('are made at a first start, and kept at the next', () => {
    expect(check()).not.toThrow();
    earlierStart('seal-keys', 'blind-index-key');
    expect(check()).not.toThrow();
  });

  test.each([
    [[], 'seal-keys, blind-index-key'],
    [['blind-index-key'], 'seal-keys'],
    [['seal-keys'], 'blind-index-key'],
  ])('are not made anew where only %j is left', (left, missing) => {
    earlierStart(...left);

    expect(check()).toThrow(`the keys are gone that open their mobile numbers (${missing}): put`);
    expect(check(true)).not.toThrow();
  });
});
