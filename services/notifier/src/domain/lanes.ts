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
export type Share = { readonly id: string; readonly lane: Lane; readonly parts: number };

/** A run that was not served yet gets so many parts ahead of all others of its lane: the first text of 300 outages does not wait for the last of one. */
const FIRST_TURN_PARTS = 10;

/** What is remembered of each lane from grant to grant, so that shares hold over many small ones. It is changed. */
export type Turns = Readonly<Record<Lane, Turn>>;
type Turn = {
  /** Parts that the lane did not get; less than nothing where it got more than its share. */
  debt: number;
  /** Whether anybody waited in it at the latest grant. */
  isWaiting: boolean;
  /** What each of its runs had, its first turn aside: who had least is next. */
  readonly had: Map<string, number>;
  /** What all of them had at the least when they were served last: who comes, or comes back, had no less. */
  level: number;
};

/** Begins with nothing that anybody had. */
export function noTurns(): Turns {
  const turn = (): Turn => ({ debt: 0, isWaiting: false, had: new Map(), level: 0 });
  return {
    ...{ safety: turn(), unplanned: turn(), restored: turn(), planned: turn() },
    ...{ complaint: turn(), bill: turn(), reminder: turn() },
  };
}

/**
 * Divides a grant of parts over what waits: safety first, then by deficit round robin over the lanes, and inside a lane evenly over its runs, those
 * first that had least, in their order. The shares are never more than the grant, nor than what waits.
 */
export function divide(grant: number, waiting: readonly Waiting[], turns: Turns): Share[] {
  const queues = lanes.map((lane) => ({
    ...{ lane, turn: turns[lane] },
    runs: waiting.filter((run) => run.lane === lane && run.parts > 0),
  }));
  const shares = new Map<Waiting, number>();
  const left = new Map(waiting.map((run) => [run, run.parts]));
  let rest = grant;
  const serve = ({ runs, turn }: (typeof queues)[number], most: number): number => {
    const served = serveRuns(runs, Math.min(most, rest), turn, { left, shares });
    rest -= served;
    return served;
  };
  const [safety, ...others] = queues;
  if (safety !== undefined) serve(safety, rest);
  for (const { turn, runs } of others) {
    turn.isWaiting = runs.length > 0;
    if (!turn.isWaiting) turn.debt = Math.min(turn.debt, 0);
  }
  const withMore = () => others.filter(({ runs }) => waitingStill(runs, left).length > 0);
  for (let active = withMore(); rest > 0 && active.length > 0; ) {
    const weights = active.reduce((sum, { lane }) => sum + WEIGHTS[lane], 0);
    const round = rest;
    let served = 0;
    for (const queue of active) {
      queue.turn.debt += (round * WEIGHTS[queue.lane]) / weights;
      const got = serve(queue, Math.floor(queue.turn.debt + ALMOST));
      queue.turn.debt -= got;
      served += got;
    }
    active = withMore();
    if (served === 0) {
      // Less than a part for everybody: it goes to whom most is owed.
      const [first] = active.sort((a, b) => b.turn.debt - a.turn.debt);
      if (first === undefined) break;
      first.turn.debt -= serve(first, 1);
    }
    for (const { turn, runs } of others) if (waitingStill(runs, left).length === 0) turn.debt = Math.min(turn.debt, 0);
  }
  for (const { turn } of queues) forgetLevel(turn);
  return [...shares].map(([{ id, lane }, parts]) => ({ id, lane, parts }));
}

/** Notes that a run was sent more than its share, since a text is not cut: it and its lane get less for it, beside the others that wait. */
export function sentBeyond(share: Share, parts: number, turns: Turns): void {
  const turn = turns[share.lane];
  turn.had.set(share.id, hadOf(turn, share) + parts);
  if (share.lane === 'safety') return;
  const others = lanes.filter((lane) => turns[lane].isWaiting);
  const weights = others.reduce((sum, lane) => sum + WEIGHTS[lane], 0);
  for (const lane of others) turns[lane].debt += (parts * WEIGHTS[lane]) / weights;
  turn.debt -= parts;
}

/** Sums of fractions fall short of whole parts by their rounding. */
const ALMOST = 1e-9;

function waitingStill(runs: readonly Waiting[], left: ReadonlyMap<Waiting, number>): Waiting[] {
  return runs.filter((run) => (left.get(run) ?? 0) > 0);
}

function hadOf({ had, level }: Turn, { id }: Pick<Waiting, 'id'>): number {
  return Math.max(level, had.get(id) ?? level);
}

/** New runs get their first turn in order; the rest goes to those that had least, until all had as much. @returns how much was given. */
function serveRuns(
  runs: readonly Waiting[],
  budget: number,
  turn: Turn,
  { left, shares }: Readonly<Record<'left' | 'shares', Map<Waiting, number>>>,
): number {
  let rest = budget;
  const give = (run: Waiting, most: number): number => {
    const parts = Math.max(0, Math.min(most, left.get(run) ?? 0, rest));
    if (parts === 0) return 0;
    left.set(run, (left.get(run) ?? 0) - parts);
    shares.set(run, (shares.get(run) ?? 0) + parts);
    rest -= parts;
    return parts;
  };
  for (const run of runs) if (run.isNew && !shares.has(run)) give(run, FIRST_TURN_PARTS);
  for (let active = waitingStill(runs, left); rest > 0 && active.length > 0; active = waitingStill(active, left)) {
    active.sort((a, b) => hadOf(turn, a) - hadOf(turn, b));
    turn.level = active.reduce((least, run) => Math.min(least, hadOf(turn, run)), Number.POSITIVE_INFINITY);
    const each = turn.level + Math.max(1, Math.floor(rest / active.length));
    for (const run of active) turn.had.set(run.id, hadOf(turn, run) + give(run, each - hadOf(turn, run)));
  }
  return budget - rest;
}

/** Who had no more than the least that waits needs no entry. */
function forgetLevel(turn: Turn): void {
  for (const [id, parts] of turn.had) if (parts <= turn.level) turn.had.delete(id);
}
