import { openLoop, type Component, metric } from '@bijli/loop';
import { type Database, withTransaction } from '@bijli/postgres';
import type { Logger } from '@bijli/service';
import { addExtraChunk } from '../store/chunks/close-chunk.ts';
import { findRunsWithArrivals, forgetArrivals } from '../store/runs/find-arrivals.ts';

/** What sweeping needs. */
export type SweepArrivalsInput = {
  readonly db: Database;
  readonly log: Logger;
  /** Told that there are chunks to send. */
  readonly onChunks: () => void;
  readonly everyMs: number;
};

/**
 * Makes the component that gives those who came into the scope of a complete run a chunk of their own (PROTOCOL.md, step 12): a run may be
 * heard of before its connections, a number may move from what is not expanded yet into what is. A run that still goes on finds them when its
 * last chunk closes.
 */
export function sweepArrivals({ db, log, onChunks, everyMs }: SweepArrivalsInput): Component {
  const counters = { chunks: 0, failures: 0 };
  const loop = openLoop({
    name: 'sweep arrivals',
    idleMs: everyMs,
    log,
    onFailure: () => (counters.failures += 1),
    round: async () => {
      await forgetArrivals(db);
      for (const runId of await findRunsWithArrivals(db)) {
        if (!(await withTransaction(db, (tx) => addExtraChunk(tx, runId)))) continue;
        counters.chunks += 1;
        log.info({ runId }, 'somebody came into the scope of a run that was told: it goes on');
        onChunks();
      }
      return false;
    },
  });
  return {
    name: 'sweep-arrivals',
    start: () => Promise.resolve(loop.start()),
    stop: () => loop.stop(),
    metrics: () => [
      metric(
        'bijli_notifier_arrival_chunks_total',
        'Complete runs that went on for those who came later',
        counters.chunks,
      ),
      metric('bijli_notifier_arrival_sweep_failures_total', 'Rounds of that sweep that failed', counters.failures),
    ],
  };
}
