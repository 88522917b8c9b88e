import { query, type Transaction } from '@bijli/postgres';
import { type ContactFacts, EVERY_PURPOSE } from '../domain/connection.ts';
import { formerNumbersOf, type ImportedConnection, type ImportedRow, type ImportStamp } from './imported-connection.ts';

const [FIRST_VERSION, FIRST_CONTACT] = [1, 1];

/**
 * New connections from one line of the file to before another, each with its contact and, where that has a number, its history. What is the same
 * in all of them is not given back: half a million rows cost as much to read as to write.
 */
const REGISTER_LINES = `
  with staged as materialized (
    select verdict.connection_id as id, line, account_number, category, state, nullif(node_code, '') as node_code, locality_en,
           locality_hi, meter_number, consumer_name, coalesce(nullif(language, ''), 'hi') as language, number_state, sealed_number,
           case when sealed_number is not null then :keyId::text end as seal_key_id, blind_index
      from connection_import_verdict verdict join connection_import_row row using (line)
     where verdict.outcome = 'registered' and line >= :from and line < :to
  ), registered as (
    insert into connection (id, account_number, category, state, node_code, locality_en, locality_hi, meter_number,
                            consumer_name, version, registered_at, changed_at)
    select id, account_number, category, state, node_code, locality_en, locality_hi, meter_number, consumer_name, :version::bigint,
           :now::timestamptz, :now::timestamptz
      from staged
  ), reachable as (
    insert into contact (connection_id, contact_no, language, number_state, sealed_number, seal_key_id, blind_index, purposes,
                         source, changed_at)
    select id, :contactNo::integer, language, number_state, sealed_number, seal_key_id, blind_index, :purposes::text[], 'import', :now::timestamptz
      from staged
  ), noted as (
    insert into contact_history (connection_id, contact_no, changed_at, changed_by, source, what, new_sealed_number,
                                 new_seal_key_id)
    select id, :contactNo::integer, :now::timestamptz, :importId::text, 'import', 'mobile-number', sealed_number, seal_key_id
      from staged where sealed_number is not null
  ), former as (
    select line, string_agg(alias, ' ' order by alias) as former_account_numbers
      from connection_import_alias where line >= :from and line < :to
     group by line
  )
  select id, account_number, category, state, node_code, language, number_state, sealed_number, former_account_numbers
    from staged left join former using (line)`;

/** What `REGISTER_LINES` gives of a connection. */
type RegisteredRow = Pick<
  ImportedRow,
  | 'id'
  | 'account_number'
  | 'category'
  | 'state'
  | 'node_code'
  | 'language'
  | 'number_state'
  | 'sealed_number'
  | 'former_account_numbers'
>;

function registeredOf(row: RegisteredRow, keyId: string): ImportedConnection {
  const { id, account_number: accountNumber, category, state, node_code: nodeCode, sealed_number: sealed } = row;
  const contact: ContactFacts = {
    contactNo: FIRST_CONTACT,
    language: row.language,
    numberState: row.number_state,
    number: sealed === null ? null : { sealed, keyId },
    purposes: EVERY_PURPOSE,
  };
  const facts = { id, accountNumber, category, state, nodeCode, formerAccountNumbers: formerNumbersOf(row) };
  return { outcome: 'registered', connection: { ...facts, version: FIRST_VERSION, contacts: [contact] } };
}

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
  const given = { now, importId, keyId, version: FIRST_VERSION, contactNo: FIRST_CONTACT, purposes: EVERY_PURPOSE };
  for (let from = first; from <= last; from += linesAtATime) {
    const rows = await query<RegisteredRow>(tx, REGISTER_LINES, { ...given, from, to: from + linesAtATime });
    yield rows.map((row) => registeredOf(row, keyId));
  }
}
