import { query, type Transaction } from '@bijli/postgres';
import type { Connection, Contact } from '../domain/connection.ts';

/** Which contact changed, what it was before (null for a new one), and who says so. */
export type NumberChange = {
  readonly before: Contact | null;
  readonly after: Contact;
  readonly changedBy: string;
};

/** Saves a connection after its contact got a number, with a row of history. */
export async function saveNumberChange(
  tx: Transaction,
  { id, version }: Connection,
  { before, after, changedBy }: NumberChange,
): Promise<void> {
  const { contactNo, language, numberState, number, source, changedAt } = after;
  const { sealed = null, keyId = null, blindIndex = null } = number ?? {};
  await query(tx, 'update connection set version = :version, changed_at = :changedAt where id = :id', {
    version,
    changedAt,
    id,
  });
  await query(
    tx,
    `insert into contact (connection_id, contact_no, language, number_state, sealed_number, seal_key_id, blind_index,
                          source, changed_at)
     values (:id, :contactNo, :language, :numberState, :sealed, :keyId, :blindIndex, :source, :changedAt)
         on conflict (connection_id, contact_no) do update
        set number_state = excluded.number_state, sealed_number = excluded.sealed_number,
            seal_key_id = excluded.seal_key_id, blind_index = excluded.blind_index, source = excluded.source,
            changed_at = excluded.changed_at`,
    { id, contactNo, language, numberState, sealed, keyId, blindIndex, source, changedAt },
  );
  await query(
    tx,
    `insert into contact_history (connection_id, contact_no, changed_at, changed_by, source, what, old_number_state,
                                  old_sealed_number, old_seal_key_id, new_sealed_number, new_seal_key_id)
     values (:id, :contactNo, :changedAt, :changedBy, :source, 'mobile-number', :oldState, :oldSealed, :oldKeyId, :sealed, :keyId)`,
    {
      ...{ id, contactNo, changedAt, changedBy, source, sealed, keyId, oldState: before?.numberState ?? null },
      ...{ oldSealed: before?.number?.sealed ?? null, oldKeyId: before?.number?.keyId ?? null },
    },
  );
}
