import type { GoalName } from './options.ts';

/** The least, the middle and the most of some values. */
export type Spread = { readonly min: number; readonly median: number; readonly max: number };

/** A figure that a goal asks for, as it was measured; `met` is null where a run of this size cannot say. */
export type Figure = Spread & {
  readonly goal: GoalName;
  /** What was measured, in words. */
  readonly what: string;
  readonly target: number;
  /** Whether the target is the least that is good, or the most. */
  readonly sense: 'at least' | 'at most';
  readonly unit: string;
  readonly met: boolean | null;
  /** How many values stand behind it. */
  readonly n: number;
  readonly note: string | null;
};

/** A goal, or a part of it, that failed to run, and why; it counts as not met. */
export type Missing = { readonly goal: GoalName; readonly why: string };

/** Finds the least, the median and the most; of an even number the median is between the middle two. Throws when there is none. */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error('there are no values');
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? NaN;
  const middle = (sorted.length - 1) / 2;
  return { min: at(0), median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, max: at(sorted.length - 1) };
}

/** The least value that a share of them does not exceed: 0.99 of 100 values is the 99th. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('there are no values');
  return values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? NaN;
}

/** Ratios pair by pair: a machine that is slow for a while is so for both of a pair. */
export function ratiosOf(over: readonly number[], under: readonly number[]): number[] {
  if (over.length !== under.length) throw new Error('every value has its partner');
  return over.map((value, at) => value / (under[at] ?? NaN));
}

/** What a goal asks: of which figure, how much, and whether this run is large enough to say that it is met. */
export type Asked = Pick<Figure, 'goal' | 'what' | 'target' | 'sense' | 'unit'> & {
  /** Why this run cannot say whether the goal is met; null when it can. */
  readonly undecided?: string | null;
  readonly note?: string | null;
};

/** Judges values by their median. */
export function figureOf(asked: Asked, values: readonly number[]): Figure {
  const { goal, what, target, sense, unit, undecided = null, note = null } = asked;
  const spread = spreadOf(values);
  if (!Number.isFinite(spread.min + spread.max))
    throw new Error(`${goal}, ${what}: ${values.join(', ')} is no measurement`);
  const isMet = sense === 'at least' ? spread.median >= target : spread.median <= target;
  const notes = [undecided, note].filter((one) => one !== null);
  return {
    ...{ goal, what, ...spread, target, sense, unit, n: values.length },
    met: undecided === null ? isMet : null,
    note: notes.length === 0 ? null : notes.join('; '),
  };
}

/** Says in words why something failed. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
