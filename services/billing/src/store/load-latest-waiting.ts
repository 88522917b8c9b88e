import { query, type Transaction } from '@bijli/postgres';
import type { Posting } from '../domain/account.ts';
import { type WaitingRow, waitingOf } from './waiting-events.ts';

/** Loads the posting that waits latest for its account, payment or bill, of each bill and of each payment with one of these numbers and references. */
export async function loadLatestWaiting(
  tx: Transaction,
  sought: readonly Pick<Posting, 'accountNumber' | 'reference'>[],
): Promise<Posting[]> {
  const rows = await query<WaitingRow>(
    tx,
    `select latest.*
       from (select distinct * from unnest(:accountNumbers::text[], :references::text[]) as named (account_number, reference)) as sought
      cross join lateral (
        select distinct on (w.type in ('BillGenerated', 'BillCancelled')) *
          from waiting_event w
         where w.account_number = sought.account_number and w.reference = sought.reference
           and w.reason in ('unknown-account', 'unknown-payment', 'unknown-bill')
         order by w.type in ('BillGenerated', 'BillCancelled'), w.id desc) latest`,
    {
      accountNumbers: sought.map(({ accountNumber }) => accountNumber),
      references: sought.map(({ reference }) => reference),
    },
  );
  return rows.map((row) => waitingOf(row).posting);
}
