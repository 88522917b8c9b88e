import type { SubscriptionProgress } from '@bijli/kafka';
import type { Database } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import { IS_PARKED_BATCH } from '../dead-letters/parked-batches.ts';
import type { Metric } from '@bijli/loop';
import type { Running } from '../subscriptions/running.ts';

/** A subscription at work, and how far each of its readers is at the broker. */
export type Watched = Running & { readonly progress: readonly SubscriptionProgress[] };

/** What is counted of a subscription, in a sentence each. */
const HELP: Readonly<Record<string, string>> = {
  stored_total: 'Records that were stored for the worker because they could not be handled as they arrived',
  applied_total: 'Records whose effect was applied',
  repeated_total: 'Records that were handled before',
  superseded_total: 'Records that a newer one of their key made needless',
  erased_total: 'Tombstones that were applied',
  unchanged_total: 'Records that were taken and changed nothing',
  dead_total: 'Records that became dead letters',
  unreadable_batches_total: 'Batches that came and cannot be read at all',
  retries_total: 'Records that failed and are tried again',
  gap_waits_total: 'Waits of a key for a version that had not come',
  gaps_passed_total: 'Keys that went on without a version that never came',
  crashes_total: 'Times that the process died over records',
  pending_rows: 'Records that are stored and not handled yet',
  oldest_pending_seconds: 'Age of the oldest record that is stored and not handled yet',
  parked_keys: 'Keys that wait for a version or for another try',
  parked_batches: 'Batches that cannot be read and wait in their topic for a decision',
  lag_records: 'Records at the broker that were not handled, as far as the latest fetches showed',
  in_hand_seconds: 'How long a batch has been waiting for its commit; 0 when none is',
};
const DEAD_LETTERS = {
  name: 'bijli_dead_letters_waiting',
  help: 'Dead letters that nobody has decided about',
} as const;

type Gauges = {
  readonly pending: number;
  readonly oldest: number;
  readonly parked: number;
  readonly waiting: number;
  readonly batches: number;
};

/** Reads what is counted of all subscriptions: a metric each, with the subscription and its mode as labels. */
export async function subscriptionMetrics(db: Database, watched: readonly Watched[]): Promise<Metric[]> {
  const gauges = await readGauges(
    db,
    watched.map(({ subscription }) => subscription.name),
  );
  const readings = watched.map((one) => {
    const { name, mode } = one.subscription;
    const found = gauges.get(name) ?? { pending: 0, oldest: 0, parked: 0, waiting: 0, batches: 0 };
    return { labels: { subscription: name, mode }, found, values: valuesOf(one, found) };
  });
  const keys = new Set([...Object.keys(HELP), ...readings.flatMap(({ values }) => Object.keys(values))]);
  const metrics = [...keys].map(
    (key): Metric => ({
      name: `bijli_subscription_${key}`,
      help: HELP[key] ?? 'Not described',
      samples: readings.flatMap(({ labels, values }) => {
        const value = values[key];
        return value === undefined ? [] : [{ labels, value }];
      }),
    }),
  );
  return [
    ...metrics,
    { ...DEAD_LETTERS, samples: readings.map(({ labels, found }) => ({ labels, value: found.waiting })) },
  ];
}

function valuesOf({ counts, progress }: Watched, { pending, oldest, parked, batches }: Gauges): Record<string, number> {
  const sinces = progress.flatMap(({ uncommittedSince }) => uncommittedSince ?? []);
  return {
    ...counts.read(),
    pending_rows: pending,
    oldest_pending_seconds: oldest,
    parked_keys: parked,
    parked_batches: batches,
    lag_records: progress.reduce((sum, { lagRecords }) => sum + lagRecords, 0),
    in_hand_seconds: sinces.length === 0 ? 0 : (Date.now() - Math.min(...sinces)) / 1_000,
  };
}

async function readGauges(db: Database, subscriptions: readonly string[]): Promise<Map<string, Gauges>> {
  const rows = await query<Gauges & { subscription: string }>(
    db,
    `select s.name as subscription,
            (select count(*)::integer from inbox_pending p where p.subscription = s.name) as pending,
            (select coalesce(extract(epoch from now() - i.received_at), 0)::double precision
               from inbox i where i.id = (select min(p.id) from inbox_pending p where p.subscription = s.name)) as oldest,
            (select count(*)::integer from dead_letter d where d.subscription = s.name and d.state = 'waiting') as waiting,
            (select count(*)::integer from dead_letter d where d.subscription = s.name and ${IS_PARKED_BATCH}) as batches,
            (select count(*)::integer from inbox_key k where k.subscription = s.name and k.parked_until > now()) as parked
       from unnest(:subscriptions::text[]) as s (name)`,
    { subscriptions },
  );
  return new Map(rows.map(({ subscription, oldest, ...row }) => [subscription, { ...row, oldest: oldest ?? 0 }]));
}
