import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { migrate } from '@bijli/postgres';
import { freshDatabase } from '@bijli/testing';
import pg from 'pg';
import { databaseNames } from '../start/databases.ts';
import { serviceOf, sourcesOf } from '../start/migrations.ts';
import { repository } from '../start/settings.ts';
import { dumpSchema } from './dump-schema.ts';

async function dumpOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await dumpSchema(client);
  } finally {
    await client.end();
  }
}

describe('the tables of', () => {
  test.each(databaseNames)('%s are those that its schema.sql shows', async (name) => {
    const database = await freshDatabase({
      name: `schema_${name}`,
      prepare: async (url) => void (await migrate({ url, sources: sourcesOf(name) })),
    });
    const file = join(repository, 'services', serviceOf(name), 'schema.sql');

    const dump = await dumpOf(database.url);
    await database.close();
    // After a migration: WRITE_SCHEMAS=1 npm test, then read the difference.
    if (process.env['WRITE_SCHEMAS']) writeFileSync(file, dump);

    expect(readFileSync(file, 'utf8')).toBe(dump);
  });

  test('a database that was changed by hand are seen to differ', async () => {
    const database = await freshDatabase({
      name: 'schema_by_hand',
      prepare: async (url) => void (await migrate({ url, sources: sourcesOf('billing') })),
    });
    const before = await dumpOf(database.url);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query('alter table outbox add column by_hand text');
    await client.end();

    const after = await dumpOf(database.url);
    await database.close();

    expect(after).not.toBe(before);
    expect(after).toContain('by_hand text');
  });
});
