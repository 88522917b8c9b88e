import { freshDatabase } from '@bijli/testing';
import { expect, test } from '@jest/globals';
import { afterCommit } from './after-commit.ts';
import { closeDatabase, openDatabase } from './open-database.ts';
import { query } from './query.ts';
import { withTransaction } from './with-transaction.ts';

test('what is told of a transaction is told when it has committed, and not when it was rolled back', async () => {
  const fresh = await freshDatabase({ name: 'after_commit', prepare: async () => undefined });
  const db = openDatabase({ url: fresh.url, applicationName: 'after commit', onIdleError: () => undefined });
  const told: string[] = [];

  await withTransaction(db, async (tx) => {
    afterCommit(tx, () => told.push('committed'));
    await query(tx, 'select 1');
    expect(told).toEqual([]);
  });
  const failing = withTransaction(db, async (tx) => {
    afterCommit(tx, () => told.push('rolled back'));
    await query(tx, 'select 1 / 0');
  });
  await expect(failing).rejects.toThrow('division by zero');

  expect(told).toEqual(['committed']);
  await closeDatabase(db);
  await fresh.close();
});
