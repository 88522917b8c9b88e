/** What is told to whom first. `safety` goes before all; the others share what is left by weight. */
export const lanes = ['safety', 'unplanned', 'restored', 'planned', 'complaint', 'bill', 'reminder'] as const;
export type Lane = (typeof lanes)[number];

/** Shares of the rate, in parts. Also the number of the lane in tables: the index in `lanes`. */
const WEIGHTS: Readonly<Record<Lane, number>> = {
  safety: Number.POSITIVE_INFINITY,
  unplanned: 32,
  restored: 16,
  planned: 8,
  complaint: 4,
  bill: 2,
  reminder: 1,
};

/** Names a lane by its number in tables. */
export function laneOf(number: number): Lane {
  return lanes[number] ?? 'reminder';
}

/** Something that waits in a lane: a run with so many parts ready. */
export type Waiting = { readonly id: string; readonly lane: Lane; readonly parts: number; readonly isNew: boolean };

/** How much of a grant goes to whom. */
export type Share = { readonly id: string; readonly parts: number };

/** A run that was not served yet gets so many parts ahead of all others of its lane: the first text of 300 outages does not wait for the last of one. */
const FIRST_TURN_PARTS = 10;

/** What a lane did not get is remembered, so that shares hold over many small grants. */
export type LaneDebts = Record<Lane, number>;

/** Begins with no debts. */
export function noDebts(): LaneDebts {
  return { safety: 0, unplanned: 0, restored: 0, planned: 0, complaint: 0, bill: 0, reminder: 0 };
}

/**
 * Divides a grant of parts over what waits: safety first, then by deficit round robin over the lanes, and inside a lane round robin over its
 * runs, in their order. `debts` is carried from grant to grant; it is changed. The shares are never more than the grant, nor than what waits.
 */
export function divide(grant: number, waiting: readonly Waiting[], debts: LaneDebts): Share[] {
  const queues = lanes.map((lane) => ({ lane, runs: waiting.filter((run) => run.lane === lane && run.parts > 0) }));
  const shares = new Map<string, number>();
  const left = new Map(waiting.map((run) => [run.id, run.parts]));
  let rest = grant;
  const serve = (runs: readonly Waiting[], most: number): number => {
    const served = roundRobin(runs, Math.min(most, rest), left, shares);
    rest -= served;
    return served;
  };
  const [safety, ...others] = queues;
  if (safety !== undefined) serve(safety.runs, rest);
  for (const { lane, runs } of others) if (runs.length === 0) debts[lane] = 0;
  for (let active = others.filter(({ runs }) => hasMore(runs, left)); rest > 0 && active.length > 0; ) {
    const weights = active.reduce((sum, { lane }) => sum + WEIGHTS[lane], 0);
    const round = rest;
    let served = 0;
    for (const { lane, runs } of active) {
      debts[lane] += (round * WEIGHTS[lane]) / weights;
      const got = serve(runs, Math.floor(debts[lane] + ALMOST));
      debts[lane] -= got;
      served += got;
    }
    active = others.filter(({ runs }) => hasMore(runs, left));
    if (served === 0) {
      // Less than a part for everybody: it goes to whom most is owed.
      const [first] = active.sort((a, b) => debts[b.lane] - debts[a.lane]);
      if (first === undefined) break;
      debts[first.lane] -= serve(first.runs, 1);
    }
    for (const { lane, runs } of others) if (!hasMore(runs, left)) debts[lane] = Math.min(debts[lane], 0);
  }
  return [...shares].map(([id, parts]) => ({ id, parts }));
}

/** Sums of fractions fall short of whole parts by their rounding. */
const ALMOST = 1e-9;

function hasMore(runs: readonly Waiting[], left: ReadonlyMap<string, number>): boolean {
  return runs.some(({ id }) => (left.get(id) ?? 0) > 0);
}

/** New runs get their first turn in order; the rest is divided evenly. @returns how much was given. */
function roundRobin(
  runs: readonly Waiting[],
  budget: number,
  left: Map<string, number>,
  shares: Map<string, number>,
): number {
  let rest = budget;
  const give = (id: string, most: number) => {
    const parts = Math.min(most, left.get(id) ?? 0, rest);
    if (parts <= 0) return;
    left.set(id, (left.get(id) ?? 0) - parts);
    shares.set(id, (shares.get(id) ?? 0) + parts);
    rest -= parts;
  };
  for (const { id, isNew } of runs) if (isNew && !shares.has(id)) give(id, FIRST_TURN_PARTS);
  for (let active = runs.filter(({ id }) => (left.get(id) ?? 0) > 0); rest > 0 && active.length > 0; ) {
    const each = Math.max(1, Math.floor(rest / active.length));
    for (const { id } of active) give(id, each);
    active = active.filter(({ id }) => (left.get(id) ?? 0) > 0);
  }
  return budget - rest;
}
