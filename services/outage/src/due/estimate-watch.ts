import type { Database } from '@bijli/postgres';
import { type Component, metric, openLoop } from '@bijli/loop';
import type { Logger } from '@bijli/service';
import { addMinutes } from '../domain/limits.ts';
import { countExpiringEstimates, markExpiringEstimates } from '../store/expiring-estimates.ts';

export type EstimateWatchInput = {
  readonly db: Database;
  readonly log: Logger;
  readonly clock: () => Date;
  readonly everyMs: number;
  /** How long before a return time passes it is about to. */
  readonly alarmMinutes: number;
};

/**
 * Makes the component that raises an alarm before the return time of an open outage passes: nobody who was told it shall sit in the dark with a time
 * in the past. It is logged once for each time, counted, and said in readiness, which stays as it is.
 */
export function estimateWatch({ db, log, clock, everyMs, alarmMinutes }: EstimateWatchInput): Component {
  const expiresBy = (): Date => addMinutes(clock(), alarmMinutes);
  const loop = openLoop({
    name: 'estimates that pass',
    idleMs: everyMs,
    log,
    round: async () => {
      for (const outageId of await markExpiringEstimates(db, expiresBy()))
        log.error({ outageId }, 'the return time is about to pass, or has: somebody must say it anew');
      return false;
    },
  });

  return {
    name: 'estimates',
    start: async () => loop.start(),
    stop: () => loop.stop(),
    // Whether PostgreSQL answers is the database's to say.
    ready: async () => {
      const expiring = await countExpiringEstimates(db, expiresBy()).catch(() => 0);
      const detail = `${expiring} return times have passed, or do within ${alarmMinutes} min`;
      return { ok: true, ...(expiring === 0 ? {} : { detail }) };
    },
    metrics: async () => [
      metric(
        'bijli_outage_estimates_expiring',
        'Open outages whose return time is about to pass, or has',
        await countExpiringEstimates(db, expiresBy()),
      ),
    ],
  };
}
