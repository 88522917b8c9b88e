import { query, type Transaction } from '@bijli/postgres';
import {
  IMPORTED_COLUMNS,
  type ImportedConnection,
  type ImportedRow,
  type ImportStamp,
  importedOf,
} from './imported-connection.ts';

/** New connections from one line of the file to before another, each with its contact and, where that has a number, its history. */
const REGISTER_LINES = `
  with staged as materialized (
    select verdict.connection_id, row.*, :now::timestamptz as now, :importId::text as import_id, :keyId::text as key_id
      from connection_import_verdict verdict join connection_import_row row using (line)
     where verdict.outcome = 'registered' and line >= :from and line < :to
  ), registered as (
    insert into connection (id, account_number, category, state, node_code, locality_en, locality_hi, meter_number,
                            consumer_name, version, registered_at, changed_at)
    select connection_id, account_number, category, state, nullif(node_code, ''), locality_en, locality_hi, meter_number,
           consumer_name, 1, now, now
      from staged
    returning 'registered' as outcome, id, account_number, category, state, node_code, version
  ), reachable as (
    insert into contact (connection_id, contact_no, language, number_state, sealed_number, seal_key_id, blind_index,
                         source, changed_at)
    select connection_id, 1, coalesce(nullif(language, ''), 'hi'), number_state, sealed_number,
           case when sealed_number is not null then key_id end, blind_index, 'import', now
      from staged
    returning connection_id, contact_no, language, number_state, sealed_number, seal_key_id, purposes
  ), noted as (
    insert into contact_history (connection_id, contact_no, changed_at, changed_by, source, what, new_sealed_number,
                                 new_seal_key_id)
    select connection_id, 1, now, import_id, 'import', 'mobile-number', sealed_number, key_id
      from staged where sealed_number is not null
  ), former as (
    select connection_id, string_agg(alias, ' ' order by alias) as former_account_numbers
      from connection_import_alias old join staged using (line) where old.line >= :from and old.line < :to
     group by connection_id
  )
  select ${IMPORTED_COLUMNS}
    from registered join reachable on reachable.connection_id = id left join former on former.connection_id = id`;

type Lines = { readonly first: number | null; readonly last: number | null };

/**
 * Saves the connections that nobody knew, so many lines of the file at a time, and gives those of each
 * piece as they are now. Inside the import's transaction.
 */
export async function* registerConnections(
  tx: Transaction,
  { importId, keyId, now }: ImportStamp,
  linesAtATime: number,
): AsyncGenerator<ImportedConnection[]> {
  const [lines] = await query<Lines>(
    tx,
    `select min(line) as first, max(line) as last from connection_import_verdict where outcome = 'registered'`,
  );
  const { first, last } = lines ?? {};
  if (first == null || last == null) return;
  for (let from = first; from <= last; from += linesAtATime) {
    const rows = await query<ImportedRow>(tx, REGISTER_LINES, { now, importId, keyId, from, to: from + linesAtATime });
    yield rows.map((row) => importedOf([row]));
  }
}
