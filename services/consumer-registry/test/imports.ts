import { type Database, query } from '@bijli/postgres';
import { openMobileNumbers } from '@bijli/units';
import { uploadMemory } from '../src/csv/hold-file.ts';
import type { Connection } from '../src/domain/connection.ts';
import { type ConnectionImportMode, importConnections } from '../src/flows/import-connections.ts';
import { findConnection } from '../src/store/connection-rows.ts';
import { keys, upload } from './files.ts';

export const firstDay = new Date('2026-01-01T00:00:00Z');
export const secondDay = new Date('2026-01-02T00:00:00Z');

/** Imports of connections into a database, and what is there after them. */
export function importsInto(db: Database) {
  const outcomeOf = (source: AsyncIterable<Buffer>, at = firstDay, mode: ConnectionImportMode = {}) =>
    importConnections({ db, keys, clock: () => at, memory: uploadMemory() }, source, mode);
  const importAt = async (at: Date, file: string) => {
    const outcome = await outcomeOf(upload(file), at);
    if (outcome.code !== 'imported') throw new Error(outcome.code);
    return outcome.report;
  };
  const refusals = async (file: string): Promise<string[]> =>
    (await importAt(secondDay, file)).firstRefused.map(({ line, field, rule }) => `${line} ${field} ${rule}`);
  const found = async (accountNumber: string): Promise<Connection> => {
    const connection = await findConnection(db, accountNumber);
    if (connection === null) throw new Error(`${accountNumber} is not there`);
    return connection;
  };
  const rowsOf = async (table: string): Promise<number> => {
    const [row] = await query<{ n: string }>(db, `select count(*) as n from ${table}`);
    return Number(row?.n);
  };
  return { outcomeOf, importAt, refusals, found, rowsOf };
}

/** The number of a connection's first contact. */
export function numberOf({ contacts }: Connection): string | null {
  const number = contacts[0]?.number;
  return number ? (openMobileNumbers(keys.sealKeys, number.keyId, number.sealed)[0] ?? null) : null;
}
