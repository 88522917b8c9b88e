/** Numbers that look random and are the same for the same seed, on every machine. */
export type Random = {
  /** From 0 up to, not including, 1. */
  fraction(): number;
  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
  /** Picks by weight: `[['domestic', 85], ['commercial', 15]]`. */
  weighted<T>(choices: readonly (readonly [T, number])[]): T;
  /** The same members in another order. */
  shuffled<T>(members: readonly T[]): T[];
};

/** Mulberry32 (T. Ettinger, public domain): 32 bits of state are plenty for a town. */
export function randomFrom(seed: number): Random {
  let state = seed;
  function fraction(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const integer = (low: number, high: number): number => low + Math.floor(fraction() * (high - low + 1));
  return {
    fraction,
    integer,
    pick: (from) => from[integer(0, from.length - 1)] ?? from[0],
    weighted: (choices) => pickWeighted(choices, fraction()),
    shuffled: (members) => shuffle(members, integer),
  };
}

function pickWeighted<T>(choices: readonly (readonly [T, number])[], fraction: number): T {
  let left = fraction * choices.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [choice, weight] of choices) {
    left -= weight;
    if (left < 0) return choice;
  }
  throw new Error('nothing to choose from');
}

/** Fisher and Yates. */
function shuffle<T>(members: readonly T[], integer: Random['integer']): T[] {
  const order = [...members];
  for (let place = order.length - 1; place > 0; place -= 1) {
    const other = integer(0, place);
    [order[place], order[other]] = [order[other] as T, order[place] as T];
  }
  return order;
}
