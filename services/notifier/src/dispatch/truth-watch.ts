import type { Database } from '@bijli/postgres';
import { withoutSpans } from '@bijli/tracing';
import { lookAtRuns, type RunStanding, type Standing } from '../store/chunks/look-at-runs.ts';

/** Whether what is about to be said is still true, as asked a moment ago. */
export type TruthWatch = {
  /** Where a run stands; null when nobody answered for longer than an answer counts. */
  standing(runId: string): RunStanding | 'stopped' | null;
  /** Asks now. */
  look(): Promise<void>;
  /** Asks as soon as the question under way is answered: something is new. */
  hint(): void;
  start(): void;
  stop(): void;
};

const POLL_MS = 250;
/** An answer counts for so long from when it was asked: a replica that is cut off from PostgreSQL is silent after that. */
const COUNTS_FOR_MS = 1_000;

/** What the watch needs. */
export type TruthWatchInput = {
  readonly db: Database;
  /** The runs whose chunks are held. */
  readonly runs: () => readonly string[];
  /** Called when the answer is another one than before. */
  readonly onChange: () => void;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
};

/** Watches runs and the stop switch, every 250 ms and whenever it is told that something is new. */
export function truthWatch({ db, runs, onChange, now = () => performance.now() }: TruthWatchInput): TruthWatch {
  let known: Standing = { isStopped: true, runs: new Map() };
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | null = null;
  let isHinted = false;
  let timer: NodeJS.Timeout | undefined;

  const ask = async (): Promise<void> => {
    const at = now();
    const answer = await withoutSpans(() => lookAtRuns(db, runs()));
    const isOther =
      answer.isStopped !== known.isStopped ||
      [...answer.runs].some(([id, standing]) => known.runs.get(id) !== standing);
    known = answer;
    askedAt = at;
    if (isOther) onChange();
  };
  const askOnce = (): Promise<void> => {
    asking ??= ask().finally(() => {
      asking = null;
    });
    return asking;
  };
  /** A question under way may have been asked before what is new. */
  const look = async (): Promise<void> => {
    if (asking !== null) await asking.catch(() => undefined);
    await askOnce();
  };
  const hint = (): void => {
    if (isHinted) return;
    isHinted = true;
    void look()
      .catch(() => undefined)
      .finally(() => {
        isHinted = false;
      });
  };

  return {
    standing: (runId) => {
      if (now() - askedAt >= COUNTS_FOR_MS) return null;
      const standing = known.runs.get(runId);
      return standing === 'live' && known.isStopped ? 'stopped' : (standing ?? null);
    },
    look,
    hint,
    start: () => {
      timer = setInterval(hint, POLL_MS);
    },
    stop: () => clearInterval(timer),
  };
}
