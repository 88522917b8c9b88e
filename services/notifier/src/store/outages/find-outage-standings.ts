import { query, type Transaction } from '@bijli/postgres';
import type { OutageStanding } from '../../domain/complaint-news.ts';

/**
 * Finds how outages stand, as far as the notifier has heard of them. After lockToAnswer in the same transaction,
 * so that they stay as they are, and what is planned with the answer is seen by who plans their next news (withdraw-messages.ts).
 */
export async function findOutageStandings(
  tx: Transaction,
  outageIds: readonly string[],
): Promise<ReadonlyMap<string, OutageStanding>> {
  const rows = await query<OutageStanding & { readonly outageId: string }>(
    tx,
    `select outage_id as "outageId", case when is_off or is_window then until end as "estimatedRestorationAt"
       from outage_now where outage_id = any(:outageIds::uuid[])`,
    { outageIds },
  );
  return new Map(rows.map((row) => [row.outageId, row]));
}
