import { connectionFile, networkFile, smallNetwork, upload } from '../../test/files.ts';
import { firstDay, importsInto, secondDay } from '../../test/imports.ts';
import { said } from '../../test/outbox.ts';
import { type RegistryDatabase, registryDatabase } from '../../test/registry-database.ts';
import { findImportRun, listRefusedRows } from '../store/import-runs.ts';
import type { ConnectionImportMode } from './import-connections.ts';
import { uploadMemory } from '../csv/hold-file.ts';
import { importNetwork } from './import-network.ts';
import { query } from '@bijli/postgres';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

let registry: RegistryDatabase;
let imports: ReturnType<typeof importsInto>;

beforeEach(async () => {
  registry = await registryDatabase();
  imports = importsInto(registry.db);
});
afterEach(() => registry.close());

async function network(file: string, isDryRun = false) {
  const outcome = await importNetwork(
    { db: registry.db, clock: () => firstDay, memory: uploadMemory() },
    upload(file),
    { isDryRun },
  );
  if (outcome.code !== 'imported') throw new Error(outcome.code);
  return outcome.report;
}

async function tryConnections(file: string, mode: ConnectionImportMode = {}) {
  const outcome = await imports.outcomeOf(upload(file), firstDay, { isDryRun: true, ...mode });
  if (outcome.code !== 'imported') throw new Error(outcome.code);
  return outcome.report;
}

/** Every row of every table but those that keep what became of imports. */
async function everything(): Promise<unknown> {
  const kept = new Set(['import_run', 'refused_row', 'tried_node']);
  const tables = await query<{ name: string }>(
    registry.db,
    `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
  );
  return Promise.all(
    tables
      .filter(({ name }) => !kept.has(name))
      .map(async ({ name }) => [name, await query(registry.db, `select * from ${name} each order by each::text`)]),
  );
}

describe('a dry run', () => {
  test('of a network takes nothing, and says what it would take', async () => {
    const before = await everything();

    const report = await network(smallNetwork, true);

    expect(report).toMatchObject({ isDryRun: true, counts: { rows: 9, registered: 9, refused: 0 } });
    expect(await findImportRun(registry.db, report.importId, 'network')).toEqual(report);
    expect(await everything()).toEqual(before);
  });

  test('of connections knows the nodes of the network that was tried before it, and no others', async () => {
    const { importId: networkImportId } = await network(smallNetwork, true);
    const before = await everything();
    const file = connectionFile({}, { account_number: '4100000002', node_code: 'DT-404' });

    expect((await tryConnections(file)).counts).toMatchObject({ registered: 0, refused: 2 });
    const { counts, importId } = await tryConnections(file, { networkImportId });

    expect(counts).toMatchObject({ rows: 2, registered: 1, refused: 1 });
    expect(await listRefusedRows(registry.db, importId, { after: 0, limit: 9 })).toEqual([
      { line: 3, severity: 'refused', field: 'node_code', rule: 'unknown', value: 'DT-404' },
    ]);
    expect(await everything()).toEqual(before);
  });

  test('judges as the import does: changed, renamed, unchanged, refused', async () => {
    await network(smallNetwork);
    await imports.importAt(
      firstDay,
      connectionFile({}, { account_number: '4100000002' }, { account_number: '4100000003' }),
    );
    const before = await everything();
    const file = connectionFile(
      {},
      { account_number: '4100000002', mobile: '9876543299' },
      { account_number: '4900000003', old_account_numbers: '4100000003' },
      { account_number: '4100000009', state: 'gone' },
    );

    const tried = await tryConnections(file);

    expect(tried.counts).toMatchObject({ registered: 0, changed: 2, unchanged: 1, refused: 1 });
    expect(await everything()).toEqual(before);
    expect((await imports.importAt(secondDay, file)).counts).toEqual(tried.counts);
    expect(await imports.found('4900000003')).toEqual(await imports.found('4100000003'));
  });

  test('leaves no node to the import that follows it', async () => {
    await network(smallNetwork, true);

    const { counts } = await imports.importAt(firstDay, connectionFile({}));

    expect(counts).toMatchObject({ registered: 0, refused: 1 });
  });

  test('forgets the nodes of a network that was tried a day before', async () => {
    const { importId } = await network(smallNetwork, true);
    const later = new Date(firstDay.getTime() + 25 * 3_600_000);
    await importNetwork({ db: registry.db, clock: () => later, memory: uploadMemory() }, upload(networkFile()), {
      isDryRun: true,
    });

    const rows = await query(registry.db, 'select from tried_node where import_id = :importId', { importId });
    expect(rows).toEqual([]);
    expect(await said(registry.db, 'consumer-registry.network.v1')).toEqual([]);
  });
});
