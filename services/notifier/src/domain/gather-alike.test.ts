import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { gatherAlike } from './gather-alike.ts';

type Item = { readonly runId: string; readonly chunkNo: number; readonly n: number };

const isOfOneChunk = (one: Item, other: Item): boolean => one.runId === other.runId && one.chunkNo === other.chunkNo;

describe('gathering what is alike', () => {
  test('puts together what a key of all that has to be equal would, in the same order', () => {
    const item = fc.record({ runId: fc.constantFrom('r', 's', 't'), chunkNo: fc.nat(3), n: fc.nat() });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 40 }), (items) => {
        const byKey = Map.groupBy(items, ({ runId, chunkNo }) => `${runId}/${chunkNo}`);
        expect(gatherAlike(items, isOfOneChunk)).toEqual([...byKey.values()]);
      }),
    );
  });
});
