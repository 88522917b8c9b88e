import { type Database, query } from '@bijli/postgres';

/** One change of a contact; numbers are sealed, null where there was none. */
export type ContactChange = {
  readonly changedAt: Date;
  readonly changedBy: string;
  readonly source: string;
  readonly what: 'mobile-number' | 'language';
  readonly oldLanguage: string | null;
  readonly newLanguage: string | null;
  readonly oldNumberState: string | null;
  readonly oldNumber: { readonly sealed: Buffer; readonly keyId: string } | null;
  readonly newNumber: { readonly sealed: Buffer; readonly keyId: string } | null;
};

type Row = {
  readonly changed_at: Date;
  readonly changed_by: string;
  readonly source: string;
  readonly what: ContactChange['what'];
  readonly old_language: string | null;
  readonly new_language: string | null;
  readonly old_number_state: string | null;
  readonly old_sealed_number: Buffer | null;
  readonly old_seal_key_id: string | null;
  readonly new_sealed_number: Buffer | null;
  readonly new_seal_key_id: string | null;
};

const numberOf = (sealed: Buffer | null, keyId: string | null): ContactChange['oldNumber'] =>
  sealed === null || keyId === null ? null : { sealed, keyId };

const changeOf = (row: Row): ContactChange => ({
  changedAt: row.changed_at,
  changedBy: row.changed_by,
  source: row.source,
  what: row.what,
  oldLanguage: row.old_language,
  newLanguage: row.new_language,
  oldNumberState: row.old_number_state,
  oldNumber: numberOf(row.old_sealed_number, row.old_seal_key_id),
  newNumber: numberOf(row.new_sealed_number, row.new_seal_key_id),
});

/** Newest changes first; more than a person reads are not given. */
const MOST = 200;

/** Lists the changes of one contact, the newest first, at most 200. */
export async function listContactHistory(
  db: Database,
  connectionId: string,
  contactNo: number,
): Promise<ContactChange[]> {
  const rows = await query<Row>(
    db,
    `select changed_at, changed_by, source, what, old_language, new_language, old_number_state, old_sealed_number,
            old_seal_key_id, new_sealed_number, new_seal_key_id
       from contact_history where connection_id = :connectionId and contact_no = :contactNo order by id desc limit ${MOST}`,
    { connectionId, contactNo },
  );
  return rows.map(changeOf);
}

/** Counts the changes of all contacts of a connection. */
export async function countContactHistory(db: Database, connectionId: string): Promise<number> {
  const [row] = await query<{ changes: string }>(
    db,
    'select count(*) as changes from contact_history where connection_id = :connectionId',
    { connectionId },
  );
  return Number(row?.changes ?? 0);
}
