import { describe, expect, test } from '@jest/globals';
import { encodeBatch, type GivenBatch } from '../test/encode-batch.ts';
import { findReach } from './find-reach.ts';
import type { FoundUnreadable } from './record-set/unreadable-batch.ts';

/** A partition as its broker gives it: the batch that holds an offset, and the next batch that there is where none does. */
function partitionOf(batches: readonly (GivenBatch & { baseOffset: bigint; last: bigint })[], end: bigint) {
  const stored = batches.map((batch) => ({ last: batch.last, octets: encodeBatch({ wrongChecksum: 1, ...batch }) }));
  const asked: bigint[] = [];
  const setAt = async (offset: bigint): Promise<Buffer | null> => {
    asked.push(offset);
    return stored.find(({ last }) => last >= offset)?.octets ?? null;
  };
  const found: FoundUnreadable = {
    ...{ topic: 't', partition: 0, first: batches[0]?.baseOffset ?? 0n, last: null, end },
    ...{ reason: 'bad-checksum', detail: '' },
  };
  return { asked, found, setAt };
}

const FAR = 2 ** 31 - 1;
const behind = (offset: bigint) => ({ baseOffset: offset, last: offset, records: [{}] });

describe('the reach of a batch that lies', () => {
  test.each([
    [1n, 2, FAR],
    [2n, 4, FAR],
    [700n, 22, FAR],
    [700n, 22, -1],
    [700n, 3, 699],
    [500_000n, 42, FAR],
    [500_000n, 42, 17],
  ])('of %d offsets is found in %d questions at most, whatever it claims (%d)', async (records, most, claim) => {
    const bad = { baseOffset: 10n, last: 9n + records, lastOffsetDelta: claim };
    const { asked, found, setAt } = partitionOf(
      [bad, behind(10n + records), behind(10n + records + 5n)],
      2_000_000_000n,
    );

    expect(await findReach(found, setAt)).toMatchObject({ first: 10n, last: 9n + records });
    expect(asked.length).toBeLessThanOrEqual(most);
  });

  test('ends before a gap that compaction left, and at the end of the partition where nothing is behind it', async () => {
    const bad = { baseOffset: 10n, last: 709n, lastOffsetDelta: FAR };
    const gap = partitionOf([bad, behind(100_000n)], 100_001n);
    const tail = partitionOf([bad], 710n);

    expect(await findReach(gap.found, gap.setAt)).toMatchObject({ last: 709n });
    expect(await findReach(tail.found, tail.setAt)).toMatchObject({ last: 709n });
  });

  test('is not that of another bad batch behind it that claims the same place', async () => {
    const bad = { baseOffset: 10n, last: 19n, lastOffsetDelta: FAR };
    const { found, setAt } = partitionOf([bad, { ...bad, last: 29n, wrongChecksum: 2 }], 30n);

    expect(await findReach(found, setAt)).toMatchObject({ last: 19n });
  });

  test('is not looked for where the topic has forgotten it', async () => {
    const { found } = partitionOf([behind(3n)], 4n);

    expect(await findReach(found, async () => null)).toBeNull();
  });
});
