import { type Database, withTransaction } from '@bijli/postgres';
import { type Component, errorName, metric, openLoop } from '@bijli/loop';
import type { Logger } from '@bijli/service';
import { passTimeOf } from '../flows/pass-time.ts';
import { countPending } from '../store/count-pending.ts';
import { findDueOutages } from '../store/find-due-outages.ts';

/** Outages of one round. */
const AT_ONCE = 100;

export type DueSweeperInput = {
  readonly db: Database;
  readonly log: Logger;
  readonly clock: () => Date;
  readonly everyMs: number;
};

/**
 * Makes the component that looks, every `everyMs`, for what is due, and makes it happen: changes that waited are told, and planned work starts.
 * Replicas may all run it: each thing happens once, in one transaction with its event. One that fails does not keep the others.
 */
export function dueSweeper({ db, log, clock, everyMs }: DueSweeperInput): Component {
  const counters = { failures: 0 };

  const makeHappen = async (outageId: string): Promise<void> => {
    const passed = await withTransaction(db, (tx) => passTimeOf(tx, outageId, clock()));
    for (const { eventId, type, version } of passed?.events ?? [])
      log.info({ outageId, eventId, type, version }, 'outage event');
    for (const { type, saidAt } of passed?.letGo ?? [])
      log.error({ outageId, type, saidAt }, 'a change that waited cannot be any more, and is not told');
  };
  const tryOne = (outageId: string): Promise<void> =>
    makeHappen(outageId).catch((error: unknown) => {
      counters.failures += 1;
      log.warn({ outageId, error: errorName(error) }, 'what is due did not happen, will be tried again');
    });
  const loop = openLoop({
    name: 'due changes',
    idleMs: everyMs,
    log,
    onFailure: () => (counters.failures += 1),
    round: async (isStopping) => {
      const due = await findDueOutages(db, clock(), AT_ONCE);
      const before = counters.failures;
      for (const outageId of due) if (!isStopping()) await tryOne(outageId);
      return due.length === AT_ONCE && counters.failures === before;
    },
  });

  return {
    name: 'due-sweeper',
    start: async () => loop.start(),
    stop: () => loop.stop(),
    metrics: async () => [
      metric('bijli_outage_pending_changes', 'Changes that wait before they are told', await countPending(db)),
      metric('bijli_outage_due_failures_total', 'Times that something due did not happen', counters.failures),
    ],
  };
}
