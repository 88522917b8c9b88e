import { type Database, postgresErrorCode } from '@bijli/postgres';
import { metric, type Component } from '@bijli/loop';
import type { Logger } from '@bijli/service';
import type { Recording } from '../dispatch/outcome-recorder.ts';
import { countParked } from '../store/messages/park-item.ts';

/**
 * Makes the component that tells of what was parked: a log line and a count for each, and how many there are in the detail of
 * the readiness. They are no reason to take the service out: everything else goes on.
 */
export function parkedItems(db: Database, log: Logger): Component & Pick<Recording, 'onParked'> {
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
    metrics: async () => [
      metric('bijli_notifier_parked_items', 'Outcomes and receipts in the table parked_item', await countParked(db)),
      {
        name: 'bijli_notifier_parked_total',
        help: 'Outcomes and receipts that could not be stored and were parked',
        samples: [
          { labels: { kind: 'outcome' }, value: counts.outcome },
          { labels: { kind: 'receipt' }, value: counts.receipt },
        ],
      },
    ],
  };
}
