import { describe, expect, test } from '@jest/globals';
import { groupCommit } from './group-commit.ts';

const never = { onFailure: () => {}, retryAfterMs: () => 0 };

describe('group commit', () => {
  test('flushes together what came while a flush was under way', async () => {
    const flushes: number[][] = [];
    const gate = Promise.withResolvers<void>();
    const group = groupCommit<number>(async (items) => {
      flushes.push([...items]);
      if (flushes.length === 1) await gate.promise;
    }, never);

    const all = [group.add([1]), group.add([2, 3]), group.add([4])];
    gate.resolve();
    await Promise.all(all);

    expect(flushes).toEqual([[1], [2, 3, 4]]);
  });

  test('tells nobody of a commit before it happened', async () => {
    let isCommitted = false;
    const gate = Promise.withResolvers<void>();
    const group = groupCommit<number>(async () => {
      await gate.promise;
      isCommitted = true;
    }, never);

    const added = group.add([1]).then(() => isCommitted);
    gate.resolve();

    expect(await added).toBe(true);
  });

  test('tries again what failed, with all of it', async () => {
    const seen: number[][] = [];
    const failures: number[] = [];
    const group = groupCommit<number>(
      async (items) => {
        seen.push([...items]);
        if (seen.length < 3) throw new Error('away');
      },
      { onFailure: (_, inARow) => failures.push(inARow), retryAfterMs: () => 0 },
    );

    await group.add([1, 2]);

    expect(seen).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect(failures).toEqual([1, 2]);
  });

  test('is settled when everything added is committed', async () => {
    const flushed: number[] = [];
    const group = groupCommit<number>(async (items) => void flushed.push(...items), never);
    void group.add([1]);
    void group.add([2]);

    await group.settled();

    expect(flushed).toEqual([1, 2]);
  });
});
