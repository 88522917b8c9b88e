import { type Component, metric, openLoop } from '@bijli/loop';
import type { Database } from '@bijli/postgres';
import type { Logger } from '@bijli/service';
import { istDay } from '@bijli/units';
import { closeDay, forgetOutages, forgetRuns } from '../store/runs/forget-days.ts';
import { foldLateCounts } from '../store/runs/end-run.ts';
import { openDay } from '../store/runs/open-day.ts';

const DAY_MS = 86_400_000;
const AHEAD_DAYS = 7;
const EVERY_MS = 3_600_000;

/** What keeping days needs. */
export type KeepDaysInput = {
  readonly db: Database;
  readonly log: Logger;
  /** Days after which the ledger and what belongs to it is forgotten. */
  readonly keptDays: number;
  readonly everyMs?: number;
  readonly now?: () => number;
};

/**
 * Makes the component that gives everything its life span: partitions are opened a week before they are needed, and what is older than `keptDays`
 * is forgotten, a day at a time; what came late is folded into the counts of its run. A day that somebody holds for longer than two seconds is left to the next hour.
 */
export function keepDays({ db, log, keptDays, everyMs = EVERY_MS, now = Date.now }: KeepDaysInput): Component {
  const counters = { closed: 0, failures: 0 };
  const open = async (): Promise<void> => {
    for (let day = 0; day <= AHEAD_DAYS; day += 1) await openDay(db, istDay(new Date(now() + day * DAY_MS)));
  };
  const loop = openLoop({
    name: 'keep days',
    idleMs: everyMs,
    log,
    onFailure: () => (counters.failures += 1),
    round: async (isStopping) => {
      await open();
      const oldest = istDay(new Date(now() - keptDays * DAY_MS));
      await forgetOutages(db, oldest);
      await foldLateCounts(db);
      while (!isStopping() && (await forgetRuns(db, oldest)));
      while (!isStopping() && (await closeDay(db, oldest))) counters.closed += 1;
      return false;
    },
  });
  return {
    name: 'keep-days',
    // What plans a run opens its day itself: nothing waits for the first round, for which PostgreSQL may be away.
    start: () => Promise.resolve(loop.start()),
    stop: () => loop.stop(),
    metrics: () => [
      metric('bijli_notifier_days_closed_total', 'Days of the ledger that were forgotten', counters.closed),
      metric(
        'bijli_notifier_day_failures_total',
        'Rounds of opening and forgetting days that failed',
        counters.failures,
      ),
    ],
  };
}
