import type { ConnectionEvent } from '@bijli/events';
import { appendEvents } from '@bijli/outbox';
import type { Database, Transaction } from '@bijli/postgres';
import { newId } from '@bijli/units';
import { type CsvRow, readRows } from '../csv/read-rows.ts';
import { connectionEvent } from '../domain/connection-event.ts';
import { connectionColumns } from '../domain/connection-row.ts';
import { lockConnections } from '../store/begin-import.ts';
import { countConnectionRows, saveConnectionWarnings } from '../store/count-connection-rows.ts';
import { judgeConnectionRows } from '../store/judge-connection-rows.ts';
import { type ImportedConnection, listImportedConnections } from '../store/list-imported-connections.ts';
import { refuseConnectionRows } from '../store/refuse-connection-rows.ts';
import { saveConnections } from '../store/save-connections.ts';
import { takeOldAccountNumbers } from '../store/take-old-account-numbers.ts';
import { stageTriedNodes } from '../store/tried-nodes.ts';
import { type ImportOutcome, importFile, type Run } from './import-file.ts';
import { type NumberKeys, stagedConnection, stagedConnectionColumns } from './stage-connection-row.ts';

/** What an import of connections needs besides the file. */
export type ConnectionImport = { readonly db: Database; readonly keys: NumberKeys; readonly clock: () => Date };

/** How a file is imported: for good, or tried only, with the nodes that the dry run of a network file would have added. */
export type ConnectionImportMode = { readonly isDryRun?: boolean; readonly networkImportId?: string };

/** Events made at a time: as many as one statement of the outbox takes. */
const EVENTS_AT_A_TIME = 1_000;

const eventTypes = {
  registered: 'ConnectionRegistered',
  'connection-changed': 'ConnectionChanged',
  'contact-changed': 'ContactChanged',
} as const satisfies Record<ImportedConnection['outcome'], ConnectionEvent['type']>;

async function* staged(rows: AsyncIterable<CsvRow>, keys: NumberKeys) {
  for await (const row of rows) yield stagedConnection(row, keys);
}

const eventsOf = (imported: readonly ImportedConnection[], occurredAt: Date): ConnectionEvent[] =>
  imported.map(({ outcome, connection }) =>
    connectionEvent({ eventId: newId(), type: eventTypes[outcome], occurredAt }, connection),
  );

async function* eventsOfImport(tx: Transaction, occurredAt: Date): AsyncGenerator<ConnectionEvent[]> {
  for await (const imported of listImportedConnections(tx, EVENTS_AT_A_TIME)) yield eventsOf(imported, occurredAt);
}

/** Outside the request's trace: half a million spans would tell nobody anything. */
const tell = (tx: Transaction, occurredAt: Date): Promise<void> =>
  appendEvents(tx, 'consumer-registry.connection.v1', eventsOfImport(tx, occurredAt), { traced: false });

const judge = async (tx: Transaction): Promise<void> => {
  await refuseConnectionRows(tx);
  await takeOldAccountNumbers(tx);
  await judgeConnectionRows(tx);
};

const apply = async (tx: Transaction, { importId, startedAt, isDryRun }: Run, keys: NumberKeys) => {
  if (!isDryRun) await lockConnections(tx);
  await judge(tx);
  if (!isDryRun) {
    await saveConnections(tx, { importId, keyId: keys.sealKeys.sealingKeyId, now: startedAt });
    await tell(tx, startedAt);
  }
  return countConnectionRows(tx);
};

/**
 * This function will import a file of connections: read it as it comes, seal the numbers on the way, validate in SQL,
 * save what is new or changed with its events, and report every refused row. All or nothing; the same file again
 * changes nothing.
 */
export const importConnections = (
  { db, keys, clock }: ConnectionImport,
  source: AsyncIterable<Buffer>,
  { isDryRun = false, networkImportId }: ConnectionImportMode = {},
): Promise<ImportOutcome> => {
  const file = readRows(source, connectionColumns);
  return importFile({
    db,
    clock,
    kind: 'connections',
    isDryRun,
    file,
    table: 'connection_import_row',
    columns: stagedConnectionColumns,
    rows: staged(file.rows, keys),
    apply: async (tx, run) => {
      if (networkImportId !== undefined) await stageTriedNodes(tx, networkImportId);
      return apply(tx, run, keys);
    },
    warn: saveConnectionWarnings,
  });
};
