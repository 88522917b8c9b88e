import type { Transaction } from '@bijli/postgres';
import type { OutageStanding } from '../domain/complaint-news.ts';

/**
 * Finds how outages stand, as far as the notifier has heard of them. After lockToAnswer in the same transaction,
 * so that they stay as they are, and what is planned with the answer is seen by who plans their next news (withdraw-messages.ts).
 */
export async function findOutageStandings(
  tx: Transaction,
  outageIds: readonly string[],
): Promise<ReadonlyMap<string, OutageStanding>> {
  const { rows } = (await tx.raw(
    `select distinct on (r.thread_id) substr(r.thread_id, length('outage:') + 1) as "outageId",
            case when r.kind not in ('restored', 'ended') then cast(r.facts ->> 'estimatedRestorationAt' as timestamptz) end as "estimatedRestorationAt"
       from unnest(cast(:outageIds as text[])) as asked (outage_id)
       join run r on r.thread_id = 'outage:' || asked.outage_id
      order by r.thread_id, r.revision desc`,
    { outageIds },
  )) as { rows: (OutageStanding & { outageId: string })[] };
  return new Map(rows.map((row) => [row.outageId, row]));
}
