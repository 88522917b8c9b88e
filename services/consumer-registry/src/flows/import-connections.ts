import type { ConnectionEvent } from '@bijli/events';
import { appendEvents } from '@bijli/outbox';
import type { Database, Transaction } from '@bijli/postgres';
import { newId } from '@bijli/units';
import type { UploadMemory } from '../csv/hold-file.ts';
import type { CsvRow } from '../csv/read-rows.ts';
import { connectionEvent } from '../domain/connection-event.ts';
import { lockConnections } from '../store/begin-import.ts';
import { countConnectionRows, saveConnectionWarnings } from '../store/count-connection-rows.ts';
import { judgeConnectionRows } from '../store/judge-connection-rows.ts';
import type { ImportedConnection, ImportStamp } from '../store/imported-connection.ts';
import { listChangedConnections } from '../store/list-changed-connections.ts';
import { refuseConnectionRows } from '../store/refuse-connection-rows.ts';
import { registerConnections } from '../store/register-connections.ts';
import { saveAliases } from '../store/save-aliases.ts';
import { takeOldAccountNumbers } from '../store/take-old-account-numbers.ts';
import { stageTriedNodes } from '../store/tried-nodes.ts';
import { updateConnections } from '../store/update-connections.ts';
import { type ImportOutcome, importFile, type Run } from './import-file.ts';
import {
  type NumberKeys,
  stagedConnection,
  stagedConnectionCells,
  stagedConnectionColumns,
} from './stage-connection-row.ts';

/** What an import of connections needs besides the file. */
export type ConnectionImport = {
  readonly db: Database;
  readonly keys: NumberKeys;
  readonly clock: () => Date;
  readonly memory: UploadMemory;
};

/** How a file is imported: for good, or tried only, with the nodes that the dry run of a network file would have added. */
export type ConnectionImportMode = { readonly isDryRun?: boolean; readonly networkImportId?: string };

/** Connections saved at a time, while the events of those before are encoded. */
const AT_A_TIME = 2_000;

const eventTypes = {
  registered: 'ConnectionRegistered',
  'connection-changed': 'ConnectionChanged',
  'contact-changed': 'ContactChanged',
} as const satisfies Record<ImportedConnection['outcome'], ConnectionEvent['type']>;

const eventsOf = (imported: readonly ImportedConnection[], occurredAt: Date): ConnectionEvent[] =>
  imported.map(({ outcome, connection }) =>
    connectionEvent({ eventId: newId(), type: eventTypes[outcome], occurredAt }, connection),
  );

/** Saves what the verdicts say, piece by piece, and gives what became of each. */
async function* save(tx: Transaction, stamp: ImportStamp): AsyncGenerator<readonly ImportedConnection[]> {
  await saveAliases(tx); // first: what is told of a connection names its old numbers
  yield* registerConnections(tx, stamp, AT_A_TIME);
  await updateConnections(tx, stamp);
  yield* listChangedConnections(tx, AT_A_TIME);
}

async function* savedEvents(tx: Transaction, stamp: ImportStamp): AsyncGenerator<ConnectionEvent[]> {
  for await (const saved of save(tx, stamp)) yield eventsOf(saved, stamp.now);
}

/** Outside the request's trace: half a million spans would tell nobody anything. */
const saveAndTell = (tx: Transaction, stamp: ImportStamp): Promise<void> =>
  appendEvents(tx, 'consumer-registry.connection.v1', savedEvents(tx, stamp), { traced: false });

async function judge(tx: Transaction): Promise<void> {
  await refuseConnectionRows(tx);
  await takeOldAccountNumbers(tx);
  await judgeConnectionRows(tx);
}

async function apply(tx: Transaction, { importId, startedAt, isDryRun }: Run, keys: NumberKeys) {
  if (!isDryRun) await lockConnections(tx);
  await judge(tx);
  if (!isDryRun) await saveAndTell(tx, { importId, keyId: keys.sealKeys.sealingKeyId, now: startedAt });
  return countConnectionRows(tx);
}

/**
 * Imports a file of connections: seals the numbers on the way, validates in SQL, saves what is new or changed with its events, and reports every
 * refused row. All or nothing; the same file again changes nothing.
 */
export function importConnections(
  { db, keys, clock, memory }: ConnectionImport,
  source: AsyncIterable<Buffer>,
  { isDryRun = false, networkImportId }: ConnectionImportMode = {},
): Promise<ImportOutcome> {
  const given = {
    db,
    clock,
    memory,
    kind: 'connections',
    isDryRun,
    cells: stagedConnectionCells,
    table: 'connection_import_row',
    columns: stagedConnectionColumns,
    stage: (row: CsvRow) => stagedConnection(row, keys),
    apply: async (tx: Transaction, run: Run) => {
      if (networkImportId !== undefined) await stageTriedNodes(tx, networkImportId);
      return apply(tx, run, keys);
    },
    warn: saveConnectionWarnings,
  } as const;
  return importFile(given, source);
}
