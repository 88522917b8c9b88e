import { fileURLToPath } from 'node:url';
import { closeDatabase, type Database, migrate, openDatabase } from '@bijli/postgres';
import { freshDatabase } from '@bijli/testing';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A notifier's database of the test's own, migrated. */
export async function notifierDatabase(): Promise<{ db: Database; url: string; close: () => Promise<void> }> {
  const fresh = await freshDatabase({
    name: 'notifier',
    prepare: async (url) => {
      await migrate({
        url,
        sources: [
          { name: 'outbox', folder: folder('../../../libs/outbox/migrations') },
          { name: 'service', folder: folder('../migrations') },
        ],
      });
    },
  });
  const db = openDatabase({ url: fresh.url, applicationName: 'notifier-test', onIdleError: () => {} });
  return {
    db,
    url: fresh.url,
    close: async () => {
      await closeDatabase(db);
      await fresh.close();
    },
  };
}
