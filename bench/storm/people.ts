import { readCsv } from '@bijli/e2e/independent/csv';
import { mobileOf } from '@bijli/e2e/independent/numbers';

/** A connection that may be told of: its account, and the node that it hangs on. */
export type Connection = { readonly account: string; readonly node: string };

/** The active connections of each mobile, by the file that was imported and by nothing that the system says. */
export type People = ReadonlyMap<string, readonly Connection[]>;

/** Reads who can be told from the file that was imported. */
export function readPeople(file: string): People {
  const people = new Map<string, Connection[]>();
  for (const row of readCsv(file)) {
    const mobile = row['state'] === 'active' ? mobileOf(row['mobile'] ?? '') : null;
    if (mobile === null) continue;
    const connections = people.get(mobile) ?? [];
    connections.push({ account: row['account_number'] ?? '', node: row['node_code'] ?? '' });
    people.set(mobile, connections);
  }
  return people;
}
