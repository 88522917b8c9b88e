import { type Database, postgresErrorCode } from '@bijli/postgres';
import type { Logger, Part } from '@bijli/service';
import type { Recording } from '../dispatch/outcome-recorder.ts';
import { countParked } from '../store/park-item.ts';

/**
 * Makes the part that tells of what was parked: a log line and a count for each, and how many there are in the detail of
 * the readiness. They are no reason to take the service out: everything else goes on.
 */
export function parkedItems(db: Database, log: Logger): Part & Pick<Recording, 'onParked'> {
  const counts = { outcome: 0, receipt: 0 };
  return {
    name: 'parked-items',
    onParked: (kind, error) => {
      counts[kind] += 1;
      const code = postgresErrorCode(error) ?? 'none';
      log.error({ kind, code }, 'what the provider said cannot be stored, it is parked in the table parked_item');
    },
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    ready: async () => {
      const parked = await countParked(db);
      return parked === 0 ? { ok: true } : { ok: true, detail: `${parked} parked, see the table parked_item` };
    },
    metrics: async () => ({
      notifier_parked_items: await countParked(db),
      notifier_parked_outcomes_total: counts.outcome,
      notifier_parked_receipts_total: counts.receipt,
    }),
  };
}
