import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { tokenBucket } from './token-bucket.ts';

const SECOND_MS = 1_000;

/** A clock that stands until it is moved. */
function virtualClock() {
  let at = 0;
  return {
    now: () => at,
    pass: (ms: number) => {
      at += ms;
    },
  };
}

/** Sends all that the bucket gives, looking again after each of the given pauses. @returns when each part was sent, in milliseconds. */
function sendGreedily(partsPerSecond: number, pausesMs: Iterable<number>): number[] {
  const clock = virtualClock();
  const bucket = tokenBucket(partsPerSecond, clock.now);
  const sentAt: number[] = [];
  for (const pause of pausesMs) {
    const parts = bucket.available();
    bucket.take(parts);
    for (let part = 0; part < parts; part += 1) sentAt.push(clock.now());
    clock.pass(pause);
  }
  return sentAt;
}

/** The most parts that any one second held, wherever it began. */
function mostInASecond(sentAt: readonly number[]): number {
  let first = 0;
  let most = 0;
  for (const [index, at] of sentAt.entries()) {
    while (at - (sentAt[first] ?? at) >= SECOND_MS) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

const everyMs = (ms: number, times: number): number[] => Array.from({ length: times }, () => ms);

describe('token bucket', () => {
  test.each([10, 100, 1_000, 20_000])('sends 95 of each 100 parts of a contracted %i/s', (rate) => {
    const sentAt = sendGreedily(rate, everyMs(10, 1_000));

    expect(sentAt.length / 10).toBeGreaterThanOrEqual(rate * 0.94);
    expect(sentAt.length / 10).toBeLessThanOrEqual(rate * 0.96);
  });

  test('never sends more than the contract in any second, however irregularly it is asked', () => {
    const pauses = fc.array(fc.oneof(fc.double({ min: 0.1, max: 30, noNaN: true }), fc.constantFrom(60, 400, 5_000)), {
      minLength: 200,
      maxLength: 600,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000 }), pauses, (rate, pausesMs) => {
        expect(mostInASecond(sendGreedily(rate, pausesMs))).toBeLessThanOrEqual(rate);
      }),
      { numRuns: 100 },
    );
  });

  test('forgets what is not used soon', () => {
    const clock = virtualClock();
    const bucket = tokenBucket(1_000, clock.now);
    bucket.take(bucket.available());

    clock.pass(54);
    const soon = bucket.available();
    clock.pass(3_600_000);

    expect(soon).toBe(40);
    expect(bucket.available()).toBe(40);
  });

  test('tells when the next part may be sent', () => {
    const clock = virtualClock();
    const bucket = tokenBucket(100, clock.now);
    expect(bucket.waitMs()).toBe(0);
    bucket.take(bucket.available());
    clock.pass(1);
    bucket.take(bucket.available());

    const wait = Math.ceil(bucket.waitMs());
    clock.pass(wait - 1);
    const before = bucket.available();
    clock.pass(1);

    expect(before).toBe(0);
    expect(bucket.available()).toBe(1);
  });

  test('gives one part at a time to a rate too small for more', () => {
    const clock = virtualClock();
    const bucket = tokenBucket(1, clock.now);

    expect(bucket.available()).toBe(1);
    bucket.take(1);
    clock.pass(1_000);
    expect(bucket.available()).toBe(0);
    clock.pass(53);
    expect(bucket.available()).toBe(1);
  });
});
