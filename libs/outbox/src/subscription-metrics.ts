import type { Database } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import { IS_PARKED_BATCH } from './parked-batches.ts';
import type { Running } from './running.ts';

type Row = { subscription: string; pending: number; oldest: number; waiting: number; batches: number; parked: number };

/** Reads counters and gauges of all subscriptions, each metric under `<mode>_<subscription>_<name>`. */
export async function subscriptionMetrics(db: Database, running: readonly Running[]): Promise<Record<string, number>> {
  const rows = await readGauges(
    db,
    running.map(({ subscription }) => subscription.name),
  );
  return Object.fromEntries(
    running.flatMap(({ subscription: { name, mode }, counts }) => {
      const row = rows.find(({ subscription }) => subscription === name);
      const gauges = {
        pending_rows: row?.pending ?? 0,
        oldest_age_seconds: row?.oldest ?? 0,
        dead_letters_waiting: row?.waiting ?? 0,
        parked_batches: row?.batches ?? 0,
        parked_keys: row?.parked ?? 0,
      };
      const prefix = `${mode}_${name.replaceAll('-', '_')}`;
      return Object.entries({ ...counts.read(), ...gauges }).map(([metric, value]) => [`${prefix}_${metric}`, value]);
    }),
  );
}

async function readGauges(db: Database, subscriptions: readonly string[]): Promise<Row[]> {
  return await query<Row>(
    db,
    `select s.name as subscription,
            (select count(*)::integer from inbox_pending p where p.subscription = s.name) as pending,
            (select coalesce(extract(epoch from now() - i.received_at), 0)::double precision
               from inbox i where i.id = (select min(p.id) from inbox_pending p where p.subscription = s.name)) as oldest,
            (select count(*)::integer from dead_letter d where d.subscription = s.name and d.state = 'waiting') as waiting,
            (select count(*)::integer from dead_letter d where d.subscription = s.name and ${IS_PARKED_BATCH}) as batches,
            (select count(*)::integer from inbox_key k where k.subscription = s.name and k.parked_until > now()) as parked
       from unnest(?::text[]) as s (name)`,
    [subscriptions],
  );
}
