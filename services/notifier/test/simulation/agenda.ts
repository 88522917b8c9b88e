/**
 * Whoever something on the agenda happens to: a process, the provider, the world. To one that is frozen nothing happens until it thaws, to one
 * that is dead nothing any more.
 */
export type Party = {
  readonly name: string;
  isFrozen: boolean;
  isDead: boolean;
  /** How far the clock on its wall is off, milliseconds. */
  wallOffMs: number;
  /** What would have happened to it while it was frozen. */
  readonly heldBack: Entry[];
  /** How often something happened to it. */
  steps: number;
};

/** Something that happens at a time. */
export type Entry = {
  readonly at: number;
  readonly party: Party;
  readonly happen: () => void | Promise<void>;
  isCancelled: boolean;
};

/** What happens when: time passes only here, from one entry to the next. */
export type Agenda = {
  /** Milliseconds since the beginning. */
  now(): number;
  add(party: Party, afterMs: number, happen: Entry['happen']): Entry;
  /** Goes to the next entry and lets it happen. @returns false when there is none. */
  step(): Promise<boolean>;
  thaw(party: Party): void;
  /** Forgets everything. */
  clear(): void;
};

export function openParty(name: string): Party {
  return { name, isFrozen: false, isDead: false, wallOffMs: 0, heldBack: [], steps: 0 };
}

/** Opens an empty agenda. Of two entries at one instant the one that was added first comes first. `onStep` hears of each that happens. */
export function openAgenda(onStep: (what: string) => void): Agenda {
  const heap: { readonly entry: Entry; readonly no: number }[] = [];
  let [now, latestNo] = [0, 0];

  const isBefore = (one: number, other: number): boolean => {
    const [a, b] = [heap[one], heap[other]];
    if (a === undefined || b === undefined) return a !== undefined;
    return a.entry.at < b.entry.at || (a.entry.at === b.entry.at && a.no < b.no);
  };
  const swap = (one: number, other: number): void => {
    const kept = heap[one] as (typeof heap)[number];
    heap[one] = heap[other] as (typeof heap)[number];
    heap[other] = kept;
  };
  const put = (entry: Entry): void => {
    latestNo += 1;
    heap.push({ entry, no: latestNo });
    for (let at = heap.length - 1; at > 0; ) {
      const above = (at - 1) >> 1;
      if (!isBefore(at, above)) break;
      swap(at, above);
      at = above;
    }
  };
  const take = (): Entry | undefined => {
    if (heap.length === 0) return undefined;
    swap(0, heap.length - 1);
    const taken = heap.pop();
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const lower = isBefore(right, left) ? right : left;
      if (lower >= heap.length || !isBefore(lower, at)) break;
      swap(at, lower);
      at = lower;
    }
    return taken?.entry;
  };

  return {
    now: () => now,
    add: (party, afterMs, happen) => {
      const entry: Entry = { at: now + Math.max(0, afterMs), party, happen, isCancelled: false };
      put(entry);
      return entry;
    },
    step: async () => {
      for (let entry = take(); entry !== undefined; entry = take()) {
        if (entry.isCancelled || entry.party.isDead) continue;
        now = Math.max(now, entry.at);
        if (entry.party.isFrozen) {
          entry.party.heldBack.push(entry);
          continue;
        }
        entry.party.steps += 1;
        onStep(`${now.toFixed(3)} ${entry.party.name}`);
        await entry.happen();
        return true;
      }
      return false;
    },
    thaw: (party) => {
      party.isFrozen = false;
      for (const entry of party.heldBack.splice(0)) put(entry);
    },
    clear: () => {
      heap.length = 0;
    },
  };
}
