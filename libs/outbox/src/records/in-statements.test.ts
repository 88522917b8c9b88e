import { describe, expect, test } from '@jest/globals';
import { inStatements } from './in-statements.ts';

const MEBIBYTE = 1024 * 1024;
const lengths = (sizes: readonly number[]): number[] =>
  [...inStatements(sizes, (size) => size)].map(({ length }) => length);

describe('records for statements', () => {
  test.each([
    ['none', [], []],
    ['up to a thousand together', Array.from({ length: 1_000 }, () => 10), [1_000]],
    ['the rest in another', Array.from({ length: 2_001 }, () => 10), [1_000, 1_000, 1]],
    ['up to 8 MiB together', [4 * MEBIBYTE, 4 * MEBIBYTE, 1, 1], [2, 2]],
    ['one that is larger alone', [1, 9 * MEBIBYTE, 1], [1, 1, 1]],
  ])('are %s', (_what, sizes, runs) => {
    expect(lengths(sizes)).toEqual(runs);
  });
});
