import { describe, expect, test } from '@jest/globals';
import { backOff } from './back-off.ts';

describe('back-off', () => {
  test('doubles up to its most, drawn from the upper half, and begins anew after a success', () => {
    const lowest = backOff({ firstMs: 100, mostMs: 1_000, random: () => 0 });
    expect(Array.from({ length: 6 }, lowest.nextMs)).toEqual([50, 100, 200, 400, 500, 500]);

    const highest = backOff({ firstMs: 100, mostMs: 1_000, random: () => 0.999_999 });
    expect(Array.from({ length: 6 }, highest.nextMs).map(Math.round)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    highest.reset();
    expect(Math.round(highest.nextMs())).toBe(100);
  });
});
