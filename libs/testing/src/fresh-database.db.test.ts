import { describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { freshDatabase } from './fresh-database.ts';
import { randomName } from './random-name.ts';

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'a test' });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function prepareLamp(url: string): Promise<void> {
  await query(url, 'create table lamp (lit boolean not null)');
}

describe('freshDatabase', () => {
  test('gives each caller an own copy of what was prepared once', async () => {
    const name = randomName('lamp');
    let prepared = 0;
    const prepare = async (url: string) => {
      prepared += 1;
      await prepareLamp(url);
    };

    const [mine, yours] = await Promise.all([freshDatabase({ name, prepare }), freshDatabase({ name, prepare })]);
    await query(mine.url, 'insert into lamp values (true)');

    expect(await query(mine.url, 'select lit from lamp')).toEqual([{ lit: true }]);
    expect(await query(yours.url, 'select lit from lamp')).toEqual([]);
    expect(prepared).toBe(1);
    await Promise.all([mine.close(), yours.close()]);
  });

  test('prepares again after a preparation that failed', async () => {
    const name = randomName('lamp');
    const failing = async (url: string) => {
      await prepareLamp(url);
      throw new Error('half-way');
    };

    await expect(freshDatabase({ name, prepare: failing })).rejects.toThrow('half-way');
    const database = await freshDatabase({ name, prepare: prepareLamp });

    expect(await query(database.url, 'select lit from lamp')).toEqual([]);
    await database.close();
  });

  test('close names who left a connection open, and drops the database all the same', async () => {
    const database = await freshDatabase({ name: randomName('lamp'), prepare: prepareLamp });
    const leaked = new pg.Client({ connectionString: database.url, application_name: 'the leak' });
    leaked.on('error', () => {}); // it is cut off when the database goes
    await leaked.connect();

    await expect(database.close()).rejects.toThrow('open: the leak');
    await expect(query(database.url, 'select 1')).rejects.toThrow('does not exist');
    await leaked.end();
  });

  test('refuses a name that is no database name', async () => {
    await expect(freshDatabase({ name: 'No Name', prepare: prepareLamp })).rejects.toThrow('does not name a database');
  });
});
