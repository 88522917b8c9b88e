import { query, type Transaction } from '@bijli/postgres';
import { IMPORTED_COLUMNS, type ImportedConnection, type ImportedRow, importedOf } from './imported-connection.ts';

type ChangedRow = ImportedRow & { readonly line: number };

/** Rows of one connection follow each other, one for each contact. */
function byConnection(rows: readonly ChangedRow[]): ChangedRow[][] {
  const groups: ChangedRow[][] = [];
  for (const row of rows) {
    const latest = groups.at(-1);
    if (latest?.[0]?.line === row.line) latest.push(row);
    else groups.push([row]);
  }
  return groups;
}

/** One hash join and one sort for all of them: page by page, each would look up every connection anew. */
async function openCursor(tx: Transaction): Promise<void> {
  await query(tx, 'set local cursor_tuple_fraction = 1');
  await query(
    tx,
    `declare changed no scroll cursor for
     select line, ${IMPORTED_COLUMNS}
       from connection_import_verdict verdict
       join connection on connection.id = verdict.connection_id
       join contact on contact.connection_id = verdict.connection_id
       left join (select connection_id, string_agg(alias, ' ' order by alias) as former_account_numbers
                    from account_alias group by connection_id) former
              on former.connection_id = verdict.connection_id
      where outcome in ('connection-changed', 'contact-changed')
      order by line, contact_no`,
  );
}

/**
 * Gives the known connections that the running import changed, in the order of the file, about `atATime`
 * at a time. Inside the import's transaction.
 */
export async function* listChangedConnections(tx: Transaction, atATime: number): AsyncGenerator<ImportedConnection[]> {
  await openCursor(tx);
  let rest: ChangedRow[] = [];
  for (;;) {
    const fetched = await query<ChangedRow>(tx, `fetch ${atATime} from changed`);
    const groups = byConnection([...rest, ...fetched]);
    // The contacts of the last one may go on in the next rows.
    rest = fetched.length > 0 ? (groups.pop() ?? []) : [];
    if (groups.length > 0) yield groups.map(importedOf);
    if (fetched.length === 0) break;
  }
  await query(tx, 'close changed');
}
