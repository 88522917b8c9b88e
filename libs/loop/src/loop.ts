import { errorName } from './error-name.ts';

/** Where a loop says that a round failed. */
export type LoopLog = { warn(fields: object, message: string): void };

export type Loop = {
  start(): void;
  /** Ends the wait for the next round, unless it is a back-off after a failure. */
  wake(): void;
  /** Makes the next round begin within `ms` milliseconds. */
  wakeWithin(ms: number): void;
  /** Finishes the round that is running, then ends. */
  stop(): Promise<void>;
  /** Since when the present round has been running, `Date.now()` milliseconds; null between rounds. */
  busySince(): number | null;
};

export type LoopOptions = {
  readonly name: string;
  /** The wait after a round that found nothing to do. */
  readonly idleMs: number;
  readonly log: LoopLog;
  /** Hears of a round that failed, beside the log. */
  readonly onFailure?: (error: unknown) => void;
  /** Does some work; resolves true when there may be more, false when there is none. */
  readonly round: (isStopping: () => boolean) => Promise<boolean>;
};

/** How long a loop waits after a failure: first, then doubled up to the most, milliseconds. */
const BACK_OFF_MS = { first: 250, most: 5_000 };

/** Calls `round` again and again, one at a time: at once while there is work, later when there is none or when it rejected. */
export function openLoop({ name, idleMs, log, onFailure, round }: LoopOptions): Loop {
  let state: 'running' | 'stopping' = 'running';
  let woken = false;
  let since: number | null = null;
  let dueAt = Number.POSITIVE_INFINITY;
  let wait: { isBackOff: boolean; end(): void } | undefined;
  let ended: Promise<void> = Promise.resolve();

  const pause = async (ms: number, isBackOff: boolean): Promise<void> => {
    if (state === 'stopping' || (woken && !isBackOff)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    wait = { isBackOff, end: resolve };
    await promise;
    clearTimeout(timer);
    wait = undefined;
  };
  const oneRound = async (): Promise<boolean> => {
    woken = false;
    since = Date.now();
    if (dueAt <= since) dueAt = Number.POSITIVE_INFINITY;
    try {
      return await round(() => state === 'stopping');
    } finally {
      since = null;
    }
  };
  const run = async (): Promise<void> => {
    for (let failures = 0; state === 'running'; ) {
      try {
        const more = await oneRound();
        failures = 0;
        if (!more) await pause(Math.max(0, Math.min(idleMs, dueAt - Date.now())), false);
      } catch (error) {
        failures += 1;
        onFailure?.(error);
        log.warn({ loop: name, error: errorName(error) }, 'round failed, will be tried again');
        await pause(Math.min(BACK_OFF_MS.first * 2 ** Math.min(failures - 1, 10), BACK_OFF_MS.most), true);
      }
    }
  };
  return {
    start: () => {
      ended = run();
    },
    wake: () => {
      woken = true;
      if (wait?.isBackOff === false) wait.end();
    },
    wakeWithin: (ms) => {
      dueAt = Math.min(dueAt, Date.now() + ms);
    },
    stop: async () => {
      state = 'stopping';
      wait?.end();
      await ended;
    },
    busySince: () => since,
  };
}

/** Gives for how long the present round has been running, milliseconds; 0 between rounds. */
export function stuckFor(loop: Loop | undefined): number {
  return Date.now() - (loop?.busySince() ?? Date.now());
}
