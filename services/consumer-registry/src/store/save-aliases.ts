import { query, type Transaction } from '@bijli/postgres';

/** Keeps the old account numbers of the file. */
export function saveAliases(tx: Transaction): Promise<unknown> {
  return query(
    tx,
    `insert into account_alias (alias, connection_id)
     select old.alias, verdict.connection_id
       from connection_import_alias old join connection_import_verdict verdict using (line)
         on conflict (alias) do nothing`,
  );
}
