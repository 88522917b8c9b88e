import { query, type Transaction } from '@bijli/postgres';
import { paise } from '@bijli/units';
import { effects, type Item, itemKey, type Posting } from '../domain/account.ts';

/** An item as it is referred to: by its account's id and its reference, whether bill or payment. */
export type Sought = { readonly accountId: string; readonly reference: string };

type Row = {
  account_id: string;
  type: Posting['type'];
  reference: string;
  amount_paise: string;
  issued_on: string | null;
  due_on: string | null;
};

/** This function will load the items that are sought, as far as there are such, by account and `itemKey`. */
export async function loadItems(tx: Transaction, sought: readonly Sought[]): Promise<Map<string, Map<string, Item>>> {
  // The lateral join with its offset: row by row through the index, whatever the planner believes of a table that grew a moment ago.
  const rows = await query<Row>(
    tx,
    `select entry.account_id, entry.type, entry.reference, entry.amount_paise, entry.issued_on, entry.due_on
       from unnest(?::uuid[], ?::text[]) as sought (account_id, reference)
      cross join lateral (select * from entry e where e.reference = sought.reference and e.account_id = sought.account_id offset 0) entry`,
    [sought.map(({ accountId }) => accountId), sought.map(({ reference }) => reference)],
  );
  const items = new Map<string, Map<string, Item>>();
  for (const row of rows) {
    const ofAccount = items.get(row.account_id) ?? new Map<string, Item>();
    const key = itemKey(row);
    ofAccount.set(key, itemOf(row, ofAccount.get(key)));
    items.set(row.account_id, ofAccount);
  }
  return items;
}

/** An item has one entry, or two when it was taken back; they come in any order. */
function itemOf({ type, amount_paise, issued_on, due_on }: Row, other: Item | undefined): Item {
  return {
    amountPaise: paise(Number(amount_paise)),
    issuedOn: issued_on,
    dueOn: due_on,
    isTakenBack: effects[type].isTakingBack || other?.isTakenBack === true,
  };
}
