import type { ConnectionFacts, ContactFacts } from '../domain/connection.ts';

/** What the rows of an import have in common. `keyId` sealed all its numbers. */
export type ImportStamp = { readonly importId: string; readonly keyId: string; readonly now: Date };

/** A connection that an import registered or changed; `contact-changed` where nothing but a contact did. */
export type ImportedConnection = {
  readonly outcome: 'registered' | 'connection-changed' | 'contact-changed';
  readonly connection: ConnectionFacts;
};

/** A contact of such a connection, with what the connection is; `IMPORTED_COLUMNS` in SQL. */
export type ImportedRow = {
  readonly contact_no: number;
  readonly language: ContactFacts['language'];
  readonly number_state: ContactFacts['numberState'];
  readonly sealed_number: Buffer | null;
  readonly seal_key_id: string | null;
  readonly purposes: string;
  readonly outcome: ImportedConnection['outcome'];
  readonly id: string;
  readonly account_number: string;
  readonly category: ConnectionFacts['category'];
  readonly state: ConnectionFacts['state'];
  readonly node_code: string | null;
  readonly version: string;
  readonly former_account_numbers: string | null;
};

export const IMPORTED_COLUMNS = `
  outcome, id, account_number, category, state, node_code, version,
  contact_no, language, number_state, sealed_number, seal_key_id, array_to_string(purposes, ' ') as purposes,
  former_account_numbers`;

/** There are a handful of combinations among half a million contacts: each is made once. */
const knownPurposes = new Map<string, ContactFacts['purposes']>();

function purposesOf(text: string): ContactFacts['purposes'] {
  const known = knownPurposes.get(text) ?? (text.split(' ').filter(Boolean) as unknown as ContactFacts['purposes']);
  knownPurposes.set(text, known);
  return known;
}

const contactOf = (row: ImportedRow): ContactFacts => ({
  contactNo: row.contact_no,
  language: row.language,
  numberState: row.number_state,
  number:
    row.sealed_number === null || row.seal_key_id === null
      ? null
      : { sealed: row.sealed_number, keyId: row.seal_key_id },
  purposes: purposesOf(row.purposes),
});

const NONE: readonly string[] = [];

/** Numbers that an account had before, as `former_account_numbers` lists them. */
export function formerNumbersOf({
  former_account_numbers,
}: Pick<ImportedRow, 'former_account_numbers'>): readonly string[] {
  return former_account_numbers?.split(' ') ?? NONE;
}

/** Puts a connection together from its rows, one for each of its contacts. */
export function importedOf(rows: readonly ImportedRow[]): ImportedConnection {
  const [first] = rows as readonly [ImportedRow, ...ImportedRow[]];
  const { outcome, id, account_number: accountNumber, category, state, node_code: nodeCode, version } = first;
  const formerAccountNumbers = formerNumbersOf(first);
  const facts = { id, accountNumber, category, state, nodeCode, formerAccountNumbers, version: Number(version) };
  return { outcome, connection: { ...facts, contacts: rows.map(contactOf) } };
}
