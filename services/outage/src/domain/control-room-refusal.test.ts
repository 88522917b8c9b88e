import { describe, expect, test } from '@jest/globals';
import { detailOf, refusalOf, refusalsIn } from './control-room-refusal.ts';
import type { RejectionCode } from './decision.ts';
import { refusalWords } from './refusal-words.ts';

const codes = Object.keys(refusalWords) as RejectionCode[];

describe('a refusal of the control room', () => {
  test.each(codes)('%s is written down and read back', (code) => {
    const refusal = refusalOf({ code });

    expect(refusal.rule).toBe(code);
    expect(refusalsIn(detailOf(refusal))).toEqual([refusal]);
  });

  test('names the place of each unknown node, ten at most', () => {
    const unknown = (...positions: number[]) =>
      refusalOf({ code: 'unknown-node', places: positions.map((position) => `nodeIds.${position}`) });

    expect(detailOf(unknown(0, 3))).toBe('nodeIds.0, nodeIds.3: unknown-node (The network has no node with this code)');
    expect(refusalsIn(detailOf(unknown(0, 3))).map(({ field }) => field)).toEqual(['nodeIds.0', 'nodeIds.3']);
    expect(refusalsIn(detailOf(unknown(...Array(2_000).keys())))).toHaveLength(10);
  });

  test('names the outage that is there already', () => {
    const other = '019c0d2c-0000-7000-8000-00000000000a';

    expect(refusalOf({ code: 'already-out', outageId: other }).words).toContain(other);
  });

  test.each(['', 'schema 99 is not published', 'RangeError at services/outage'])('is not read into %j', (detail) => {
    expect(refusalsIn(detail)).toEqual([]);
  });
});
