import { query, type Transaction } from '@bijli/postgres';
import { paise } from '@bijli/units';
import { type Entering, effects, type Item, itemKey, type Posting } from '../domain/account.ts';

/** An item as it is referred to: by its account's id and its reference, whether bill or payment. */
export type Sought = { readonly accountId: string; readonly reference: string };

type Row = {
  readonly account_id: string;
  readonly type: Posting['type'];
  readonly reference: string;
  readonly amount_paise: string;
  readonly issued_on: string | null;
  readonly due_on: string | null;
  readonly occurred_at: Date;
};

/** Loads the items that are sought, each as often as anybody likes, as far as there are such, by account and `itemKey`. */
export async function loadItems(tx: Transaction, sought: readonly Sought[]): Promise<Map<string, Map<string, Item>>> {
  // The lateral join with its offset: row by row through the index, whatever the planner believes of a table that grew a moment ago.
  const rows = await query<Row>(
    tx,
    `select entry.account_id, entry.type, entry.reference, entry.amount_paise, entry.issued_on, entry.due_on, entry.occurred_at
       from (select distinct * from unnest(:accountIds::uuid[], :references::text[]) as named (account_id, reference)) as sought
      cross join lateral (select * from entry e where e.reference = sought.reference and e.account_id = sought.account_id offset 0) entry
      order by entry.account_id, entry.version`,
    { accountIds: sought.map(({ accountId }) => accountId), references: sought.map(({ reference }) => reference) },
  );
  const items = new Map<string, Map<string, Item>>();
  for (const row of rows) {
    const ofAccount = items.get(row.account_id) ?? new Map<string, Item>();
    const key = itemKey(row);
    ofAccount.set(key, withRow(ofAccount.get(key), row));
    items.set(row.account_id, ofAccount);
  }
  return items;
}

/** Entries of an item come in the order of the ledger: it is entered, taken back, perhaps entered again. */
function withRow(item: Item | undefined, row: Row): Item {
  const atMs = row.occurred_at.getTime();
  const entering: Entering = { atMs, issuedOn: row.issued_on, dueOn: row.due_on };
  if (item === undefined)
    return { amountPaise: paise(Number(row.amount_paise)), enterings: [entering], takenBackAtMs: [] };
  return effects[row.type].isTakingBack
    ? { ...item, takenBackAtMs: [...item.takenBackAtMs, atMs] }
    : { ...item, enterings: [...item.enterings, entering] };
}
