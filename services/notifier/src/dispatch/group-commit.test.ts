import { describe, expect, test } from '@jest/globals';
import { groupCommit } from './group-commit.ts';

const never = { onFailure: () => {}, retryAfterMs: () => 0, park: () => Promise.reject(new Error('parked')) };

/** What PostgreSQL says, as node-postgres hands it on. */
const postgresError = (code: string) => Object.assign(new Error(code), { code, severity: 'ERROR' });

describe('group commit', () => {
  test('flushes together what came while a flush was under way', async () => {
    const flushes: number[][] = [];
    const gate = Promise.withResolvers<void>();
    const flush = async (items: readonly number[]) => {
      flushes.push([...items]);
      if (flushes.length === 1) await gate.promise;
    };
    const group = groupCommit<number>({ ...never, flush });

    const all = [group.add([1]), group.add([2, 3]), group.add([4])];
    gate.resolve();
    await Promise.all(all);

    expect(flushes).toEqual([[1], [2, 3, 4]]);
  });

  test('tells nobody of a commit before it happened', async () => {
    let isCommitted = false;
    const gate = Promise.withResolvers<void>();
    const flush = async () => {
      await gate.promise;
      isCommitted = true;
    };
    const group = groupCommit<number>({ ...never, flush });

    const added = group.add([1]).then(() => isCommitted);
    gate.resolve();

    expect(await added).toBe(true);
  });

  test('tries again what failed, with all of it', async () => {
    const seen: number[][] = [];
    const failures: number[] = [];
    const group = groupCommit<number>({
      ...never,
      flush: (items) => {
        seen.push([...items]);
        return seen.length < 3 ? Promise.reject(new Error('away')) : Promise.resolve();
      },
      onFailure: (_, inARow) => failures.push(inARow),
    });

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
    const group = groupCommit<number>({ ...never, flush: (items) => Promise.resolve(void flushed.push(...items)) });
    void group.add([1]);
    void group.add([2]);

    await group.settled();

    expect(flushed).toEqual([1, 2]);
  });

  test.each([
    ['21000', 'cardinality'],
    ['22003', 'a number out of range'],
    ['22021', 'an octet that is no text'],
    ['23514', 'a day without partition'],
    ['54000', 'a key too long for its index'],
    ['0A000', 'what is not supported'],
  ])('parks the items that are refused with %s (%s), and commits all others', async (code) => {
    const committed: number[] = [];
    const parked: number[] = [];
    const culprits = new Set([3, 4, 97]);
    let flushes = 0;
    const group = groupCommit<number>({
      ...never,
      flush: (items) => {
        flushes += 1;
        if (items.some((item) => culprits.has(item))) return Promise.reject(postgresError(code));
        committed.push(...items);
        return Promise.resolve();
      },
      park: (item) => Promise.resolve(void parked.push(item)),
    });

    await group.add(Array.from({ length: 100 }, (_, n) => n));

    expect(parked).toEqual([3, 4, 97]);
    expect(committed).toEqual(Array.from({ length: 100 }, (_, n) => n).filter((n) => !culprits.has(n)));
    expect(flushes).toBeLessThan(50);
  });

  test.each(['08006', '40001', '40P01', '53300', '55P03', '57014', '57P01', '58030', '42P01'])(
    'parks nothing for %s, which says nothing of the items',
    async (code) => {
      let failures = 0;
      const committed: number[] = [];
      const group = groupCommit<number>({
        ...never,
        flush: (items) => {
          failures += 1;
          if (failures < 4) return Promise.reject(postgresError(code));
          committed.push(...items);
          return Promise.resolve();
        },
      });

      await group.add([1, 2]);

      expect(committed).toEqual([1, 2]);
    },
  );

  test('halves on through a database that goes away meanwhile', async () => {
    const committed: number[] = [];
    const parked: number[] = [];
    let flushes = 0;
    const group = groupCommit<number>({
      ...never,
      flush: (items) => {
        flushes += 1;
        if (flushes % 2 === 0) return Promise.reject(postgresError('57P01'));
        if (items.includes(5)) return Promise.reject(postgresError('22003'));
        committed.push(...items);
        return Promise.resolve();
      },
      park: (item) => (parked.push(item) < 3 ? Promise.reject(postgresError('08006')) : Promise.resolve()),
    });

    await group.add([1, 2, 3, 4, 5, 6, 7, 8]);

    expect(committed).toEqual([1, 2, 3, 4, 6, 7, 8]);
    expect(parked).toEqual([5, 5, 5]);
  });

  test('goes on, having told of it, when not even the parking of an item is taken', async () => {
    const told: unknown[] = [];
    const refused = postgresError('22003');
    const group = groupCommit<number>({
      ...never,
      flush: () => Promise.reject(refused),
      park: () => Promise.reject(refused),
      onFailure: (error) => told.push(error),
    });

    await group.add([1]);

    expect(told).toEqual([refused]);
  });
});
