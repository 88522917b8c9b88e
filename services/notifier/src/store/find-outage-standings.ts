import type { Transaction } from '@bijli/postgres';
import type { OutageStanding } from '../domain/complaint-news.ts';

/** First half of the advisory locks under which the news of an outage are planned; the second is the outage. */
const OUTAGE_LOCKS = 7_301;

/** This function will keep others from answering complaints with these outages, and from moving them, until the transaction ends. */
export async function lockOutages(tx: Transaction, outageIds: readonly string[]): Promise<void> {
  await tx.raw(LOCK('pg_advisory_xact_lock'), { locks: OUTAGE_LOCKS, outageIds });
}

/**
 * This function will find how outages stand, as far as the notifier has heard of them, and keep them from moving until the
 * transaction ends: what is planned with the answer is seen by who plans their next news (withdraw-messages.ts).
 */
export async function findOutageStandings(
  tx: Transaction,
  outageIds: readonly string[],
): Promise<ReadonlyMap<string, OutageStanding>> {
  if (outageIds.length === 0) return new Map();
  await tx.raw(LOCK('pg_advisory_xact_lock_shared'), { locks: OUTAGE_LOCKS, outageIds });
  const { rows } = (await tx.raw(
    `select distinct on (r.thread_id) substr(r.thread_id, length('outage:') + 1) as "outageId",
            case when r.kind <> 'restored' then cast(r.facts ->> 'estimatedRestorationAt' as timestamptz) end as "estimatedRestorationAt"
       from unnest(cast(:outageIds as text[])) as asked (outage_id)
       join run r on r.thread_id = 'outage:' || asked.outage_id
      order by r.thread_id, r.revision desc`,
    { outageIds },
  )) as { rows: (OutageStanding & { outageId: string })[] };
  return new Map(rows.map((row) => [row.outageId, row]));
}

/** In one order, so that two batches do not wait for each other. */
const LOCK = (lock: string): string =>
  `select ${lock}(cast(:locks as int), hashtext(id)) from (select distinct id from unnest(cast(:outageIds as text[])) as id order by 1) as sorted`;
