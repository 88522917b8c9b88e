import { type Database, withTransaction } from '@bijli/postgres';
import type { Logger, Part } from '@bijli/service';
import { istDay } from '@bijli/units';
import { countOrphans, matchOrphans } from '../store/match-orphans.ts';
import { openDay } from '../store/open-day.ts';

/** A receipt that matches nothing is given up after the longest validity and 72 hours more (notifier.md, 9). */
const GIVE_UP_AFTER_MS = (24 + 72) * 3_600_000;

/**
 * This function will make the part that matches, every `everyMs`, the receipts that came before their submit response or
 * after a restart, and that opens the partitions of tomorrow before they are needed.
 */
export function orphanSweeper({ db, log, everyMs }: { db: Database; log: Logger; everyMs: number }): Part {
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<void> = Promise.resolve();
  const counters = { matched: 0, waiting: 0, failures: 0 };

  const sweep = async () => {
    const now = new Date();
    await openDay(db, istDay(new Date(now.getTime() + 86_400_000)));
    await withTransaction(db, async (tx) => {
      if ((await countOrphans(tx)) > 0) {
        counters.matched += await matchOrphans(tx, {
          arrivalDay: istDay(now),
          giveUpBefore: new Date(now.getTime() - GIVE_UP_AFTER_MS),
        });
      }
      counters.waiting = await countOrphans(tx);
    });
  };
  const sweepSafely = () => {
    sweeping = sweep().catch((error: unknown) => {
      counters.failures += 1;
      log.warn({ err: error }, 'matching orphan receipts failed, will be tried again');
    });
  };

  return {
    name: 'orphan-sweeper',
    async start() {
      await openDay(db, istDay(new Date()));
      sweepSafely();
      timer = setInterval(sweepSafely, everyMs);
    },
    async stop() {
      clearInterval(timer);
      await sweeping;
    },
    metrics: () => ({
      notifier_orphan_receipts_matched_total: counters.matched,
      notifier_orphan_receipts_waiting: counters.waiting,
      notifier_orphan_sweep_failures_total: counters.failures,
    }),
  };
}
