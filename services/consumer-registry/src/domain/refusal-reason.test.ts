import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { refusalReason } from './refusal-reason.ts';

const source = (path: string): string => readFileSync(join(__dirname, '..', path), 'utf8');

describe('refusalReason', () => {
  const rules = ['../src/store/refuse-connection-rows.ts', '../src/store/refuse-network-rows.ts'].flatMap((path) =>
    [...source(path).matchAll(/field: '(\w+)',\s+rule: '([\w-]+)'/g)].map(([, field = '', rule = '']) => ({
      field,
      rule,
    })),
  );

  test('has words for every rule of the two files', () => {
    expect(rules.length).toBeGreaterThan(14);
    for (const { field, rule } of rules) expect(refusalReason(field, rule)).toMatch(/\w+ \w+ /);
  });

  test.each([
    ['mobile', 'length', 'is no mobile number: it does not have ten digits'],
    ['mobile', 'kept', 'is another number than the one that a JE or the consumer gave, which stays'],
    ['category', 'choice', /^is not one of domestic, /],
    ['account_number', 'format', 'is not ten digits'],
    ['consumer_name', 'too-long', 'is too long'],
    ['', 'column-count', 'has more or fewer cells than the header'],
  ])('says of %s %s: %s', (field, rule, words) => {
    expect(refusalReason(field, rule)).toEqual(typeof words === 'string' ? words : expect.stringMatching(words));
  });
});
