/** Draws a number from 0 (included) to 1 (excluded). */
export type Dice = () => number;

/** Makes dice that fall the same way for the same seed (mulberry32, 32 bits of state). */
export function dice(seed: number): Dice {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const once = Math.imul(state ^ (state >>> 15), state | 1);
    const twice = once ^ (once + Math.imul(once ^ (once >>> 7), once | 61));
    return ((twice ^ (twice >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Tells whether something of a rate happens now. A rate of 0 takes no draw. */
export function happens(dice: Dice, rate: number): boolean {
  return rate > 0 && dice() < rate;
}
