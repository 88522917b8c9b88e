import type { Database } from '@bijli/postgres';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { holderLease } from './holder-lease.ts';

/** What the database says of another process. */
let sign: { holderId: string; beat: string; isPast: boolean } | null;
let isAway: boolean;
let lost: number;

const SECOND = 1_000;
const db = {
  raw: (sql: string) =>
    isAway
      ? Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))
      : Promise.resolve({ rows: /^\s*select/.test(sql) && sign !== null ? [sign] : [], rowCount: 1 }),
} as unknown as Database;

beforeEach(() => {
  jest.useFakeTimers();
  [sign, isAway, lost] = [null, false, 0];
});
afterEach(() => {
  jest.useRealTimers();
});

async function watching() {
  const lease = holderLease({
    db,
    holderId: 'own',
    onLost: () => {
      lost += 1;
    },
    onError: () => undefined,
    now: () => Date.now(),
  });
  await lease.begin();
  return lease;
}

describe('a process whose lease is past by the clock of the database', () => {
  test('is not taken for gone as long as it gives signs of life: a clock has jumped', async () => {
    const lease = await watching();
    for (let beat = 1; beat <= 10; beat += 1) {
      sign = { holderId: 'other', beat: String(beat), isPast: true };
      await jest.advanceTimersByTimeAsync(10 * SECOND);
      expect(lease.dead()).toEqual([]);
    }
    await lease.end();
  });

  test('is gone when it gives none for twelve seconds', async () => {
    const lease = await watching();
    sign = { holderId: 'other', beat: '7', isPast: true };
    await jest.advanceTimersByTimeAsync(12 * SECOND);
    expect(lease.dead()).toEqual([]);
    await jest.advanceTimersByTimeAsync(4 * SECOND);
    expect(lease.dead()).toEqual(['other']);
    await lease.end();
  });
});

test('a process that gives no sign of life for half a minute is gone, though its lease ends in an hour', async () => {
  const lease = await watching();
  sign = { holderId: 'other', beat: '7', isPast: false };
  await jest.advanceTimersByTimeAsync(30 * SECOND);
  expect(lease.dead()).toEqual([]);
  await jest.advanceTimersByTimeAsync(4 * SECOND);
  expect(lease.dead()).toEqual(['other']);
  await lease.end();
});

test('a process that cannot renew its lease writes nothing in its last seconds, and its links are cut', async () => {
  const lease = await watching();
  isAway = true;
  await jest.advanceTimersByTimeAsync(24 * SECOND);
  expect([lease.mayWrite(), lost]).toEqual([true, 0]);
  await jest.advanceTimersByTimeAsync(1 * SECOND);
  expect([lease.mayWrite(), lost]).toEqual([false, 1]);
  await lease.end();
});
