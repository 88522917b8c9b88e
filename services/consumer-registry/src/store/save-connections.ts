import { query, type Transaction } from '@bijli/postgres';

/** What the rows of an import have in common. `keyId` sealed all its numbers. */
export type ImportStamp = { readonly importId: string; readonly keyId: string; readonly now: Date };

const STAGED = 'connection_import_verdict verdict join connection_import_row row using (line)';

const insertConnections = (tx: Transaction, { now }: ImportStamp): Promise<unknown> =>
  query(
    tx,
    `insert into connection (id, account_number, category, state, node_code, locality_en, locality_hi, meter_number,
                             consumer_name, version, registered_at, changed_at)
     select verdict.connection_id, row.account_number, row.category, row.state, nullif(row.node_code, ''),
            row.locality_en, row.locality_hi, row.meter_number, row.consumer_name, 1, ?, ?
       from ${STAGED} where verdict.outcome = 'registered'`,
    [now, now],
  );

const updateConnections = (tx: Transaction, { now }: ImportStamp): Promise<unknown> =>
  query(
    tx,
    `update connection
        set account_number = row.account_number, category = row.category, state = row.state, node_code = nullif(row.node_code, ''),
            locality_en = row.locality_en, locality_hi = row.locality_hi, meter_number = row.meter_number,
            consumer_name = row.consumer_name, version = connection.version + 1, changed_at = ?
       from ${STAGED}
      where connection.id = verdict.connection_id and verdict.outcome in ('connection-changed', 'contact-changed')`,
    [now],
  );

const insertContacts = (tx: Transaction, { keyId, now }: ImportStamp): Promise<unknown> =>
  query(
    tx,
    `insert into contact (connection_id, contact_no, language, number_state, sealed_number, seal_key_id, blind_index,
                          source, changed_at)
     select verdict.connection_id, 1, coalesce(nullif(row.language, ''), 'hi'), row.number_state, row.sealed_number,
            case when row.sealed_number is not null then ? end, row.blind_index, 'import', ?
       from ${STAGED} where verdict.outcome = 'registered'`,
    [keyId, now],
  );

/** Before the contacts change: the history takes what they were from them. */
const recordNumbers = (tx: Transaction, { importId, keyId, now }: ImportStamp): Promise<unknown> =>
  query(
    tx,
    `insert into contact_history (connection_id, contact_no, changed_at, changed_by, source, what, old_number_state,
                                  old_sealed_number, old_seal_key_id, new_sealed_number, new_seal_key_id)
     select verdict.connection_id, 1, ?, ?, 'import', 'mobile-number', contact.number_state, contact.sealed_number,
            contact.seal_key_id, row.sealed_number, ?
       from ${STAGED} left join contact on contact.connection_id = verdict.connection_id and contact.contact_no = 1
      where verdict.number_action = 'set' and row.sealed_number is not null`,
    [now, importId, keyId],
  );

const recordLanguages = (tx: Transaction, { importId, now }: ImportStamp): Promise<unknown> =>
  query(
    tx,
    `insert into contact_history (connection_id, contact_no, changed_at, changed_by, source, what, old_language,
                                  new_language)
     select verdict.connection_id, 1, ?, ?, 'import', 'language', contact.language, row.language
       from ${STAGED} join contact on contact.connection_id = verdict.connection_id and contact.contact_no = 1
      where verdict.is_language_changed`,
    [now, importId],
  );

const updateContacts = (tx: Transaction, { keyId, now }: ImportStamp): Promise<unknown> =>
  query(
    tx,
    `update contact
        set language = case when is_language_changed then row.language else contact.language end,
            number_state = case when takes_cell then row.number_state else contact.number_state end,
            sealed_number = case when takes_cell then row.sealed_number else contact.sealed_number end,
            seal_key_id = case when takes_cell then case when row.sealed_number is not null then ? end
                               else contact.seal_key_id end,
            blind_index = case when takes_cell then row.blind_index else contact.blind_index end,
            source = case when takes_cell then 'import' else contact.source end,
            changed_at = ?
       from ${STAGED}, lateral (select verdict.number_action in ('set', 'state') as takes_cell) action
      where contact.connection_id = verdict.connection_id and contact.contact_no = 1
        and verdict.outcome in ('connection-changed', 'contact-changed')
        and (takes_cell or is_language_changed)`,
    [keyId, now],
  );

const insertAliases = (tx: Transaction): Promise<unknown> =>
  query(
    tx,
    `insert into account_alias (alias, connection_id)
     select old.alias, verdict.connection_id
       from connection_import_alias old join connection_import_verdict verdict using (line)
         on conflict (alias) do nothing`,
  );

/** This function will save what the verdicts say, inside the caller's transaction; only what changed is written. */
export const saveConnections = async (tx: Transaction, stamp: ImportStamp): Promise<void> => {
  await recordLanguages(tx, stamp);
  await recordNumbers(tx, stamp);
  await insertConnections(tx, stamp);
  await updateConnections(tx, stamp);
  await insertContacts(tx, stamp);
  await updateContacts(tx, stamp);
  await insertAliases(tx);
};
