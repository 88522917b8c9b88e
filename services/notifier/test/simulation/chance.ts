/** A source of chance that a seed decides: the same seed, the same history. */
export type Chance = {
  /** 0 (included) to 1 (excluded). */
  next(): number;
  /** Whether something of this likelihood happens. */
  happens(likelihood: number): boolean;
  between(least: number, most: number): number;
  of<T>(each: readonly T[]): T;
  /** Another source, for something whose draws shall not move when others change. */
  fork(name: string): Chance;
};

/** Opens a source of chance: mulberry32 (Ettinger, public domain), 32 bits of state. */
export function openChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const chance: Chance = {
    next,
    happens: (likelihood) => next() < likelihood,
    between: (least, most) => least + next() * (most - least),
    of: (each) => each[Math.floor(next() * each.length)] as (typeof each)[number],
    fork: (name) => openChance([...name].reduce((hash, letter) => Math.imul(hash, 31) + letter.charCodeAt(0), seed)),
  };
  return chance;
}
