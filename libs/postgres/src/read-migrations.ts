import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder of numbered migrations, `0001-create-outage.sql` onwards, and the name under which the database remembers them. */
export type MigrationSource = { readonly name: string; readonly folder: string };

/** One migration file, read. `checksum` is the SHA-256 of its text in hex. */
export type Migration = {
  readonly source: string;
  readonly number: number;
  readonly file: string;
  readonly checksum: string;
  readonly sql: string;
};

const FILE_NAME = /^(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\.sql$/;

/** Reads a source's migrations in order. Throws when a name is not `NNNN-kebab-case.sql` or the numbers are not 1, 2, 3 … */
export async function readMigrations({ name, folder }: MigrationSource): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  return await Promise.all(
    files.map(async (file, index) => {
      const number = Number(FILE_NAME.exec(file)?.[1] ?? Number.NaN);
      if (number !== index + 1)
        throw new Error(`Migration ${name}/${file} should be number ${index + 1}, named NNNN-what-it-does.sql.`);
      const sql = await readFile(join(folder, file), 'utf8');
      return { source: name, number, file, checksum: createHash('sha256').update(sql).digest('hex'), sql };
    }),
  );
}
