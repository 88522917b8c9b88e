import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type AccountBucket, filled, halved, msUntilPart, owing, taken } from './account-bucket.ts';

const empty: AccountBucket = { tokens: 0, filledAt: 0, share: 1 };

/** Takes whatever there is at these instants; answers when each part was taken. */
function takeAll(rate: number, instants: readonly number[]): number[] {
  let bucket = empty;
  return instants.flatMap((now) => {
    const took = taken(filled(bucket, rate, now), Number.MAX_SAFE_INTEGER);
    bucket = took.bucket;
    return Array.from({ length: took.parts }, () => now);
  });
}

describe('the bucket of an account', () => {
  test('holds no second above the contract, whenever one asks', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 10, 100, 1_000),
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 }),
        (rate, waits) => {
          let at = 0;
          const instants = waits.map((wait) => (at += wait));
          const parts = takeAll(rate, instants);
          for (const [n, from] of parts.entries()) {
            const within = parts.slice(n).filter((time) => time < from + 1_000).length;
            expect(within).toBeLessThanOrEqual(rate);
          }
        },
      ),
    );
  });

  test.each([10, 100, 1_000])('uses 95 %% of a contract of %i while there is something to send', (rate) => {
    const parts = takeAll(
      rate,
      Array.from({ length: 3_000 }, (_, n) => n * 10),
    );

    expect(parts.length / 30).toBeGreaterThan(rate * 0.94);
  });

  test('gives nothing until what was sent beyond it is there again', () => {
    const owed = owing(filled(empty, 100, 1_000), 8);
    expect(taken(filled(owed, 100, 1_010), 5).parts).toBe(0);
    expect(msUntilPart(owed, 100)).toBeCloseTo(42, 0);
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

    const spent = taken(bucket, 100).bucket;
    expect(msUntilPart(filled(filled(spent, 100, 380_000), 100, 381_000), 100)).toBe(0);
  });
});
