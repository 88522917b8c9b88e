import { type Database, query, type Transaction } from '@bijli/postgres';
import type { Connection, Contact, KeptNumber, Source } from '../domain/connection.ts';

type ConnectionRow = {
  readonly id: string;
  readonly account_number: string;
  readonly category: Connection['category'];
  readonly state: Connection['state'];
  readonly node_code: string | null;
  readonly version: string;
  readonly locality_en: string;
  readonly locality_hi: string;
  readonly meter_number: string;
  readonly consumer_name: string;
  readonly former_account_numbers: string[];
};

type ContactRow = {
  readonly connection_id: string;
  readonly contact_no: number;
  readonly language: Contact['language'];
  readonly number_state: Contact['numberState'];
  readonly sealed_number: Buffer | null;
  readonly seal_key_id: string | null;
  readonly blind_index: string | null;
  readonly purposes: Contact['purposes'];
  readonly source: Source;
  readonly changed_at: Date;
};

function keptNumber({ sealed_number, seal_key_id, blind_index }: ContactRow): KeptNumber | null {
  if (sealed_number === null || seal_key_id === null || blind_index === null) return null;
  return { sealed: sealed_number, keyId: seal_key_id, blindIndex: BigInt(blind_index) };
}

const contactOf = (row: ContactRow): Contact => ({
  contactNo: row.contact_no,
  language: row.language,
  numberState: row.number_state,
  number: keptNumber(row),
  purposes: row.purposes,
  source: row.source,
  changedAt: row.changed_at,
});

const connectionOf = (row: ConnectionRow, contacts: readonly Contact[]): Connection => ({
  id: row.id,
  accountNumber: row.account_number,
  category: row.category,
  state: row.state,
  nodeCode: row.node_code,
  version: Number(row.version),
  contacts,
  localityEn: row.locality_en,
  localityHi: row.locality_hi,
  meterNumber: row.meter_number,
  consumerName: row.consumer_name,
  formerAccountNumbers: row.former_account_numbers,
});

const COLUMNS = `connection.id, account_number, category, state, node_code, version, locality_en, locality_hi, meter_number, consumer_name,
  array(select alias from account_alias where connection_id = connection.id order by alias) as former_account_numbers`;

async function contactsOf(on: Database | Transaction, ids: readonly string[]): Promise<Map<string, Contact[]>> {
  const rows = await query<ContactRow>(
    on,
    `select connection_id, contact_no, language, number_state, sealed_number, seal_key_id, blind_index, purposes, source,
            changed_at
       from contact where connection_id = any(:ids::uuid[]) order by connection_id, contact_no`,
    { ids: [...ids] },
  );
  const byConnection = Map.groupBy(rows, (row) => row.connection_id);
  return new Map([...byConnection].map(([id, contacts]) => [id, contacts.map(contactOf)]));
}

async function withContacts(on: Database | Transaction, rows: readonly ConnectionRow[]): Promise<Connection[]> {
  const contacts = await contactsOf(
    on,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => connectionOf(row, contacts.get(row.id) ?? []));
}

/** By its account number, or by one that it once had. */
const idByAccount = `
  select id from connection where account_number = :accountNumber
  union all
  select connection_id from account_alias where alias = :accountNumber
  limit 1`;

/** Finds a connection with its contacts by its account number or an old one. */
export async function findConnection(db: Database, accountNumber: string): Promise<Connection | null> {
  const rows = await query<ConnectionRow>(db, `select ${COLUMNS} from connection where id = (${idByAccount})`, {
    accountNumber,
  });
  return (await withContacts(db, rows))[0] ?? null;
}

/** An import writes for up to half a minute: whoever waits for it is told to come back. */
const LONGEST_WAIT = '3s';

/**
 * Finds a connection as above and holds it against other changes until the transaction ends. The
 * table's lock comes first: an import that took its own between our row's lock and our update would wait for us and we
 * for it. Fails with lockNotAvailable when an import keeps the table for more than 3 s.
 */
export async function loadConnectionForUpdate(tx: Transaction, accountNumber: string): Promise<Connection | null> {
  await query(tx, `set local lock_timeout = '${LONGEST_WAIT}'`);
  await query(tx, 'lock table connection in row exclusive mode');
  const rows = await query<ConnectionRow>(
    tx,
    `select ${COLUMNS} from connection where id = (${idByAccount}) for no key update`,
    { accountNumber },
  );
  return (await withContacts(tx, rows))[0] ?? null;
}
