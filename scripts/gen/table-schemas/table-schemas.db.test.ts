import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type MigrationSource, migrate } from '@bijli/postgres';
import { freshDatabase } from '@bijli/testing';
import pg from 'pg';
import { databaseNames } from '@bijli/start/databases';
import { serviceOf, sourcesOf } from '@bijli/start/migrations';
import { repository } from '@bijli/start/settings';
import { dumpSchema } from './dump-schema.ts';

/** The tables that every service has, from `libs/outbox`. */
let outbox: string[];

beforeAll(async () => {
  outbox = await dumpOf('outbox_alone', sourcesOf('billing').slice(0, 1));
});

async function dumpOf(name: string, sources: MigrationSource[], change = ''): Promise<string[]> {
  const database = await freshDatabase({
    name: `schema_${name}`,
    prepare: async (url) => void (await migrate({ url, sources })),
  });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query(change);
    return await dumpSchema(client);
  } finally {
    await client.end();
    await database.close();
  }
}

/** After a migration: `WRITE_SCHEMAS=1 npm test`, then read the difference. */
function expectInFile(folder: string, dump: readonly string[]): void {
  const file = join(repository, folder, 'schema.sql');
  if (process.env['WRITE_SCHEMAS'] && dump.length > 0) writeFileSync(file, `${dump.join('\n\n')}\n`);
  expect(existsSync(file) ? readFileSync(file, 'utf8') : '\n').toBe(`${dump.join('\n\n')}\n`);
}

describe('the tables of', () => {
  test('libs/outbox are those that its schema.sql shows', () => {
    expectInFile('libs/outbox', outbox);
  });

  test.each(databaseNames)('%s are those that its schema.sql shows', async (name) => {
    const dump = await dumpOf(name, sourcesOf(name));

    expectInFile(
      join('services', serviceOf(name)),
      dump.filter((told) => !outbox.includes(told)),
    );
  });

  test('a database that was changed by hand are seen to differ', async () => {
    const changed = await dumpOf('by_hand', sourcesOf('billing'), 'alter table outbox add column by_hand text');

    expect(changed).not.toEqual(outbox);
    expect(changed.join()).toContain('by_hand text');
  });
});
