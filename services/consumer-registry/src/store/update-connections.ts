import { query, type Transaction } from '@bijli/postgres';
import type { ImportStamp } from './imported-connection.ts';

const STAGED = 'connection_import_verdict verdict join connection_import_row row using (line)';

const changeConnections = (tx: Transaction, { now }: ImportStamp): Promise<unknown> =>
  query(
    tx,
    `update connection
        set account_number = row.account_number, category = row.category, state = row.state, node_code = nullif(row.node_code, ''),
            locality_en = row.locality_en, locality_hi = row.locality_hi, meter_number = row.meter_number,
            consumer_name = row.consumer_name, version = connection.version + 1, changed_at = :now
       from ${STAGED}
      where connection.id = verdict.connection_id and verdict.outcome in ('connection-changed', 'contact-changed')`,
    { now },
  );

/** Before the contacts change: the history takes what they were from them. */
const recordNumbers = (tx: Transaction, { importId, keyId, now }: ImportStamp): Promise<unknown> =>
  query(
    tx,
    `insert into contact_history (connection_id, contact_no, changed_at, changed_by, source, what, old_number_state,
                                  old_sealed_number, old_seal_key_id, new_sealed_number, new_seal_key_id)
     select verdict.connection_id, 1, :now, :importId, 'import', 'mobile-number', contact.number_state, contact.sealed_number,
            contact.seal_key_id, row.sealed_number, :keyId
       from ${STAGED} left join contact on contact.connection_id = verdict.connection_id and contact.contact_no = 1
      where verdict.outcome <> 'registered' and verdict.number_action = 'set' and row.sealed_number is not null`,
    { now, importId, keyId },
  );

const recordLanguages = (tx: Transaction, { importId, now }: ImportStamp): Promise<unknown> =>
  query(
    tx,
    `insert into contact_history (connection_id, contact_no, changed_at, changed_by, source, what, old_language,
                                  new_language)
     select verdict.connection_id, 1, :now, :importId, 'import', 'language', contact.language, row.language
       from ${STAGED} join contact on contact.connection_id = verdict.connection_id and contact.contact_no = 1
      where verdict.is_language_changed`,
    { now, importId },
  );

const changeContacts = (tx: Transaction, { keyId, now }: ImportStamp): Promise<unknown> =>
  query(
    tx,
    `update contact
        set language = case when is_language_changed then row.language else contact.language end,
            number_state = case when takes_cell then row.number_state else contact.number_state end,
            sealed_number = case when takes_cell then row.sealed_number else contact.sealed_number end,
            seal_key_id = case when takes_cell then case when row.sealed_number is not null then :keyId end
                               else contact.seal_key_id end,
            blind_index = case when takes_cell then row.blind_index else contact.blind_index end,
            source = case when takes_cell then 'import' else contact.source end,
            changed_at = :now
       from ${STAGED}, lateral (select verdict.number_action in ('set', 'state') as takes_cell) action
      where contact.connection_id = verdict.connection_id and contact.contact_no = 1
        and verdict.outcome in ('connection-changed', 'contact-changed')
        and (takes_cell or is_language_changed)`,
    { keyId, now },
  );

/** Saves what the verdicts say of known connections, inside the caller's transaction; only what changed is written. */
export async function updateConnections(tx: Transaction, stamp: ImportStamp): Promise<void> {
  await recordLanguages(tx, stamp);
  await recordNumbers(tx, stamp);
  await changeConnections(tx, stamp);
  await changeContacts(tx, stamp);
}
