import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { firstDay, importsInto } from '../../test/imports.ts';
import { type RegistryDatabase, registryDatabase } from '../../test/registry-database.ts';
import { uploadMemory } from '../csv/hold-file.ts';
import { importNetwork } from './import-network.ts';

const samples = join(__dirname, '../../../../docs/examples/district');

let registry: RegistryDatabase;
beforeEach(async () => {
  registry = await registryDatabase();
});
afterEach(() => registry.close());

test('takes every row of the documented sample files', async () => {
  const sample = (name: string) => createReadStream(join(samples, name)) as AsyncIterable<Buffer>;

  const network = await importNetwork(
    { db: registry.db, clock: () => firstDay, memory: uploadMemory() },
    sample('network.csv'),
  );
  const connections = await importsInto(registry.db).outcomeOf(sample('connections.csv'));

  expect(network).toMatchObject({ code: 'imported', report: { counts: { rows: 10, registered: 10 } } });
  expect(connections).toMatchObject({
    code: 'imported',
    report: { counts: { rows: 11, registered: 11, refused: 0, warnings: 0, unmapped: 1 } },
  });
});
