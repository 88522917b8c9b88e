import { type Database, withTransaction } from '@bijli/postgres';
import { metric, type Component, openLoop } from '@bijli/loop';
import type { Logger } from '@bijli/service';
import { istDay } from '@bijli/units';
import type { ReceiptMode } from '../domain/receipt-mode.ts';
import { countOrphans, giveUpOrphans, matchOrphans } from '../store/receipts/match-orphans.ts';
import { endHeldPastUse } from '../store/runs/end-held-runs.ts';
import { deleteParked } from '../store/messages/park-item.ts';

const DAY_MS = 86_400_000;
/** A receipt that matches nothing is given up after the longest validity and 72 hours more. */
const GIVE_UP_AFTER_MS = (24 + 72) * 3_600_000;

/** Nobody looks at what a provider said a quarter of a year ago. */
const KEEP_PARKED_MS = 90 * DAY_MS;

/** What matching orphans needs. */
export type OrphanSweeperInput = {
  readonly db: Database;
  readonly log: Logger;
  readonly everyMs: number;
  readonly mode: ReceiptMode;
};

/**
 * Makes the component that matches, every `everyMs`, the receipts that came before their submit response or
 * after a restart, and that deletes what was parked 90 days ago.
 */
export function orphanSweeper({ db, log, everyMs, mode }: OrphanSweeperInput): Component {
  const counters = { matched: 0, waiting: 0, failures: 0 };

  const sweep = async (isStopping: () => boolean) => {
    const now = Date.now();
    await endHeldPastUse(db);
    await deleteParked(db, new Date(now - KEEP_PARKED_MS));
    counters.waiting = await withTransaction(db, countOrphans);
    if (counters.waiting === 0) return;
    // Of an orphan that waited as long as it may, for a message that was as old as may be when it came.
    const oldestRunDay = istDay(new Date(now - 2 * GIVE_UP_AFTER_MS));
    const input = { arrivalDay: istDay(new Date(now)), oldestRunDay, mode, againAfterSeconds: everyMs / 1_000 };
    let looked: number;
    do {
      const round = await withTransaction(db, (tx) => matchOrphans(tx, input));
      counters.matched += round.matched;
      looked = round.looked;
    } while (looked > 0 && !isStopping());
    counters.waiting = await withTransaction(db, async (tx) => {
      await giveUpOrphans(tx, new Date(now - GIVE_UP_AFTER_MS));
      return countOrphans(tx);
    });
  };
  const loop = openLoop({
    name: 'match orphan receipts',
    idleMs: everyMs,
    log,
    onFailure: () => (counters.failures += 1),
    round: async (isStopping) => {
      await sweep(isStopping);
      return false;
    },
  });

  return {
    name: 'orphan-sweeper',
    start: () => Promise.resolve(loop.start()),
    stop: () => loop.stop(),
    metrics: () => [
      metric('bijli_notifier_orphan_receipts_matched_total', 'Receipts that were matched later', counters.matched),
      metric('bijli_notifier_orphan_receipts_waiting', 'Receipts that match no text yet', counters.waiting),
      metric('bijli_notifier_orphan_sweep_failures_total', 'Rounds of matching that failed', counters.failures),
    ],
  };
}
