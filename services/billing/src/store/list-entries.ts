import { type Database, query, type Transaction } from '@bijli/postgres';
import { ENTRY_COLUMNS, type Entry, type EntryRow, entryOf } from './entry-row.ts';

/** `before` is the version of the last entry of the page before; null begins with the latest. */
export type AccountPage = { readonly accountId: string; readonly before: number | null; readonly limit: number };
/** `after` is where the page before ended. */
export type ReferencePage = {
  readonly reference: string;
  readonly after: { readonly accountId: string; readonly version: number } | null;
  readonly limit: number;
};

/** Lists the entries of an account, the latest first. */
export async function listEntriesOfAccount(db: Database, { accountId, before, limit }: AccountPage): Promise<Entry[]> {
  const rows = await query<EntryRow>(
    db,
    `select ${ENTRY_COLUMNS} from entry join account on account.id = entry.account_id
      where entry.account_id = :accountId and (:before::integer is null or entry.version < :before)
      order by entry.version desc limit :limit`,
    { accountId, before, limit },
  );
  return rows.map(entryOf);
}

/** Lists the entries of a reference, whosever they are, account by account, the oldest first. */
export async function listEntriesOfReference(
  db: Database,
  { reference, after, limit }: ReferencePage,
): Promise<Entry[]> {
  const rows = await query<EntryRow>(
    db,
    `select ${ENTRY_COLUMNS} from entry join account on account.id = entry.account_id
      where entry.reference = :reference and (:accountId::uuid is null or (entry.account_id, entry.version) > (:accountId::uuid, :version::integer))
      order by entry.account_id, entry.version limit :limit`,
    { reference, accountId: after?.accountId ?? null, version: after?.version ?? null, limit },
  );
  return rows.map(entryOf);
}

/** Finds the latest entry of a type and a reference on an account; null where there is none. */
export async function findEntry(
  tx: Transaction,
  { accountId, type, reference }: Pick<Entry, 'accountId' | 'type' | 'reference'>,
): Promise<Entry | null> {
  const [row] = await query<EntryRow>(
    tx,
    `select ${ENTRY_COLUMNS} from entry join account on account.id = entry.account_id
      where entry.reference = :reference and entry.account_id = :accountId and entry.type = :type order by entry.version desc limit 1`,
    { reference, accountId, type },
  );
  return row === undefined ? null : entryOf(row);
}
