import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type AccountBucket, filled, halved, left, msUntilPart, owing, taken } from './account-bucket.ts';

const empty: AccountBucket = { tokens: 0, filledAt: 0, share: 1, shortAt: null, grants: [] };

/** A turn of a replica's sending: when it takes parts, and how long after that they leave. Milliseconds. */
type Turn = { readonly at: number; readonly leavesAfter: number; readonly wanted?: number };

/** Lets replicas take what there is, one turn after the other. @returns when each part left. */
function send(rate: number, replicas: readonly (readonly Turn[])[]): number[] {
  const turns = replicas.flatMap((own, replica) => own.map((turn) => ({ ...turn, replica })));
  const latest = new Map<number, number>();
  let bucket = empty;
  const parts = turns
    .toSorted((one, other) => one.at - other.at)
    .flatMap(({ at, leavesAfter, replica, wanted = 1e9 }) => {
      const before = filled(bucket, rate, at);
      const took = taken(left(before, latest.get(replica) ?? -1), rate, wanted);
      bucket = took.bucket;
      latest.set(replica, took.at);
      return Array.from({ length: took.parts }, () => at + leavesAfter);
    });
  return parts.toSorted((one, other) => one - other);
}

/** Turns of such a length, one after the other, in which parts leave somewhere between their grant and the next. */
function turnsOf(lengthMs: number, seconds: number, from = 0): Turn[] {
  return Array.from({ length: Math.floor((seconds * 1_000) / lengthMs) }, (_, n) => ({
    at: from + n * lengthMs,
    leavesAfter: ((n * 7) % 10) * (lengthMs / 10),
  }));
}

/** The most parts in any second, its end left out. */
function mostInASecond(times: readonly number[]): number {
  let [most, from] = [0, 0];
  for (const [n, time] of times.entries()) {
    while ((times[from] ?? time) <= time - 1_000) from += 1;
    most = Math.max(most, n - from + 1);
  }
  return most;
}

describe('the bucket of an account', () => {
  test('lets no second hold more than the contract, whenever one asks, however late it leaves', () => {
    const turns = fc.array(
      fc.record({
        lengthMs: fc.oneof(fc.constantFrom(5, 100, 200, 240), fc.integer({ min: 0, max: 400 })),
        leaves: fc.constantFrom(0, 0.5, 1),
        wanted: fc.oneof(fc.constant(1e9), fc.integer({ min: 0, max: 30 })),
      }),
      { minLength: 20, maxLength: 150 },
    );
    fc.assert(
      fc.property(fc.constantFrom(1, 10, 100, 1_000), fc.array(turns, { minLength: 1, maxLength: 2 }), (rate, both) => {
        const replicas = both.map((own) => {
          let next = 0;
          return own.map(({ lengthMs, leaves, wanted }) => {
            const at = next;
            next += lengthMs;
            return { at, leavesAfter: lengthMs * leaves, wanted };
          });
        });
        expect(mostInASecond(send(rate, replicas))).toBeLessThanOrEqual(rate);
      }),
      { numRuns: 300 },
    );
  });

  // What is granted in a turn may leave with what is granted in the next one: a second has to have room for a turn more.
  test.each([
    { turnMs: 10, used: 0.94 },
    { turnMs: 50, used: 0.93 },
    { turnMs: 100, used: 0.89 },
    { turnMs: 200, used: 0.8 },
  ])('uses $used of a contract in turns of $turnMs ms, by one replica or two', ({ turnMs, used }) => {
    for (const rate of [10, 100, 1_000]) {
      for (const replicas of [[turnsOf(turnMs, 30)], [turnsOf(turnMs, 30), turnsOf(turnMs, 30, turnMs / 3)]]) {
        const times = send(rate, replicas);
        expect(times.length / 30).toBeGreaterThan(rate * used);
        expect(mostInASecond(times)).toBeLessThanOrEqual(rate);
      }
    }
  });

  test('keeps for a slow replica what a fast one does not want', () => {
    const fast = turnsOf(5, 30).map((turn) => ({ ...turn, wanted: Number(turn.at % 1_000 === 0) }));
    const times = send(100, [turnsOf(100, 30, 1), fast]);

    expect(times.length / 30).toBeGreaterThan(88);
    expect(mostInASecond(times)).toBeLessThanOrEqual(100);
  });

  test('saves little while nobody wants anything, so that not all of it leaves at once', () => {
    expect(taken(filled(empty, 100, 60_000), 100, 1e9).parts).toBe(4);
  });

  test('gives nothing until what was sent beyond it is there again', () => {
    const took = taken(filled(empty, 100, 1_000), 100, 4);
    const owed = owing(took.bucket, { at: took.at, parts: 4 });
    expect(owed.grants).toEqual([{ at: 1_000, parts: 8, leftBy: 2_000 }]);
    expect(taken(filled(owed, 100, 1_010), 100, 5).parts).toBe(0);
    expect(msUntilPart(owed, 100)).toBeCloseTo(42, 0);
  });

  test('says when a second has room again', () => {
    const full = { ...empty, tokens: 9, filledAt: 5_000, grants: [{ at: 4_200, parts: 99, leftBy: 4_300 }] };
    expect(taken(full, 100, 9).parts).toBe(0);
    expect(msUntilPart(full, 100)).toBe(300);
    expect(taken(filled(full, 100, 5_300), 100, 4).parts).toBe(4);
  });

  test('halves after the provider throttled, and recovers', () => {
    const slow = halved(halved(empty));
    expect(slow.share).toBe(0.25);
    expect(filled(slow, 1_000, 1_000).tokens).toBeLessThan(300);

    expect(filled(slow, 1_000, 20_000).share).toBe(1);
    expect(Array.from({ length: 20 }).reduce((bucket: AccountBucket) => halved(bucket), empty).share).toBeGreaterThan(
      0,
    );
  });

  test('says when the next part is there', () => {
    expect(msUntilPart(empty, 100)).toBeCloseTo(10.5, 0);
    expect(msUntilPart(filled(empty, 100, 60), 100)).toBe(0);
  });

  test('gains nothing by a clock that is put back, and goes on with it', () => {
    const bucket = filled(empty, 100, 500_000);
    expect(filled(bucket, 100, 380_000)).toEqual({ ...bucket, filledAt: 380_000 });
    expect(filled(bucket, 100, 499_900)).toEqual(bucket);

    const spent = taken(bucket, 100, 100).bucket;
    expect(msUntilPart(filled(filled(spent, 100, 380_000), 100, 381_000), 100)).toBe(0);
    const [grant] = filled(spent, 100, 380_000).grants;
    expect(grant).toEqual({ at: 380_000, parts: 4, leftBy: 381_000 });
  });
});
