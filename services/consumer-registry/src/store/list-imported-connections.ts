import { query, type Transaction } from '@bijli/postgres';
import type { ConnectionFacts, ContactFacts } from '../domain/connection.ts';

/** A connection that an import registered or changed; `contact-changed` where nothing but a contact did. */
export type ImportedConnection = {
  readonly line: number;
  readonly outcome: 'registered' | 'connection-changed' | 'contact-changed';
  readonly connection: ConnectionFacts;
};

type Row = {
  contact_no: number;
  language: ContactFacts['language'];
  number_state: ContactFacts['numberState'];
  sealed_number: Buffer | null;
  seal_key_id: string | null;
  purposes: string;
  line: number;
  outcome: ImportedConnection['outcome'];
  id: string;
  account_number: string;
  category: ConnectionFacts['category'];
  state: ConnectionFacts['state'];
  node_code: string | null;
  version: string;
};

/** There are a handful of combinations among half a million contacts: each is made once. */
const knownPurposes = new Map<string, ContactFacts['purposes']>();

const purposesOf = (text: string): ContactFacts['purposes'] => {
  const known = knownPurposes.get(text) ?? (text.split(' ').filter(Boolean) as unknown as ContactFacts['purposes']);
  knownPurposes.set(text, known);
  return known;
};

const contactOf = (row: Row): ContactFacts => ({
  contactNo: row.contact_no,
  language: row.language,
  numberState: row.number_state,
  number:
    row.sealed_number === null || row.seal_key_id === null
      ? null
      : { sealed: row.sealed_number, keyId: row.seal_key_id },
  purposes: purposesOf(row.purposes),
});

const importedOf = (rows: readonly Row[]): ImportedConnection => {
  const [first] = rows as readonly [Row, ...Row[]];
  const { line, outcome, id, account_number: accountNumber, category, state, node_code: nodeCode, version } = first;
  const facts = { id, accountNumber, category, state, nodeCode, version: Number(version) };
  return { line, outcome, connection: { ...facts, contacts: rows.map(contactOf) } };
};

/** Rows of one connection follow each other, one for each contact. */
const byConnection = (rows: readonly Row[]): Row[][] => {
  const groups: Row[][] = [];
  for (const row of rows) {
    const latest = groups.at(-1);
    if (latest?.[0]?.line === row.line) latest.push(row);
    else groups.push([row]);
  }
  return groups;
};

/** One hash join and one sort for all of them: page by page, each would look up every connection anew. */
const openCursor = async (tx: Transaction): Promise<void> => {
  await query(tx, 'set local cursor_tuple_fraction = 1');
  await query(
    tx,
    `declare imported no scroll cursor for
     select line, outcome, id, account_number, category, state, node_code, version,
            contact_no, language, number_state, sealed_number, seal_key_id,
            array_to_string(purposes, ' ') as purposes
       from connection_import_verdict verdict
       join connection on connection.id = verdict.connection_id
       join contact on contact.connection_id = verdict.connection_id
      where outcome <> 'unchanged'
      order by line, contact_no`,
  );
};

/**
 * This function will give the connections that the running import changed, in the order of the file, about `atATime`
 * at a time. Inside the import's transaction.
 */
export async function* listImportedConnections(tx: Transaction, atATime: number): AsyncGenerator<ImportedConnection[]> {
  await openCursor(tx);
  let rest: Row[] = [];
  for (;;) {
    const fetched = await query<Row>(tx, `fetch ${atATime} from imported`);
    const groups = byConnection([...rest, ...fetched]);
    // The contacts of the last one may go on in the next rows.
    rest = fetched.length > 0 ? (groups.pop() ?? []) : [];
    if (groups.length > 0) yield groups.map(importedOf);
    if (fetched.length === 0) break;
  }
  await query(tx, 'close imported');
}
