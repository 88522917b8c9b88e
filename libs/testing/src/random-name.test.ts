import { expect, test } from '@jest/globals';
import { randomName } from './random-name.ts';

test('randomName makes another name each time, fit for topics and databases', () => {
  const names = new Set(Array.from({ length: 100 }, () => randomName('outage')));

  expect(names.size).toBe(100);
  for (const name of names) expect(name).toMatch(/^outage_[0-9a-f]{10}$/);
});
