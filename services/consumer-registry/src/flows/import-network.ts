import { appendEvents } from '@bijli/outbox';
import type { Database, Transaction } from '@bijli/postgres';
import { newId } from '@bijli/units';
import type { UploadMemory } from '../csv/hold-file.ts';
import { networkColumns } from '../domain/connection-row.ts';
import type { ImportCounts } from '../domain/import-report.ts';
import { networkEvent } from '../domain/network-node.ts';
import { refuseNetworkRows } from '../store/refuse-network-rows.ts';
import { countNetworkRows, judgeNetworkRows, listImportedNodes, saveNetwork } from '../store/save-network.ts';
import { saveTriedNodes } from '../store/tried-nodes.ts';
import { type ImportOutcome, importFile, type Run } from './import-file.ts';
import { stagedNode, stagedNodeColumns } from './stage-network-row.ts';

async function tell(tx: Transaction, occurredAt: Date): Promise<void> {
  const imported = await listImportedNodes(tx);
  const events = imported.map(({ outcome, node }) =>
    networkEvent({ eventId: newId(), type: outcome, occurredAt }, node),
  );
  await appendEvents(tx, 'consumer-registry.network.v1', events, { traced: false });
}

async function apply(tx: Transaction, { importId, startedAt, isDryRun }: Run): Promise<ImportCounts> {
  await refuseNetworkRows(tx);
  await judgeNetworkRows(tx, startedAt);
  if (isDryRun) {
    await saveTriedNodes(tx, importId, startedAt);
  } else {
    await saveNetwork(tx, startedAt);
    await tell(tx, startedAt);
  }
  return countNetworkRows(tx);
}

/** What an import of network nodes needs besides the file. */
export type NetworkImport = { readonly db: Database; readonly clock: () => Date; readonly memory: UploadMemory };

/**
 * Imports a file of network nodes. It may be a part of the network: what it does not name stays. A node that hangs on another parent than before
 * ends one placement and begins the next.
 */
export function importNetwork(
  { db, clock, memory }: NetworkImport,
  source: AsyncIterable<Buffer>,
  { isDryRun = false }: { readonly isDryRun?: boolean } = {},
): Promise<ImportOutcome> {
  const given = {
    db,
    clock,
    memory,
    kind: 'network',
    isDryRun,
    cells: networkColumns,
    table: 'network_import_row',
    columns: stagedNodeColumns,
    stage: stagedNode,
    apply,
  } as const;
  return importFile(given, source);
}
