// A container of the Job `migrations` (deploy/base/migrations.yaml): `migrate.ts <database>`, as the owner that DATABASE_URL_FILE names.
import { readFile } from 'node:fs/promises';
import { databaseNames } from '@bijli/start/databases';
import { bringUpToDate } from '@bijli/start/bring-up-to-date';

const database = databaseNames.find((name) => name === process.argv[2]);
if (!database) throw new Error(`name one of ${databaseNames.join(', ')}`);
const ownerUrl = (await readFile(String(process.env['DATABASE_URL_FILE']), 'utf8')).trim();
const applied = await bringUpToDate(database, ownerUrl);
console.log(`${database}: ${applied.length} migrations applied`);
