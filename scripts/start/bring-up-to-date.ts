import { migrate } from '@bijli/postgres';
import { type DatabaseName, giveRights } from './databases.ts';
import { sourcesOf } from './migrations.ts';

/**
 * Gives the working role its rights in a database that a cluster has made with its two roles, and applies the migrations that are missing;
 * answers their files. Doing it again changes nothing. @param ownerUrl of the role that owns the database.
 */
export async function bringUpToDate(database: DatabaseName, ownerUrl: string): Promise<string[]> {
  await giveRights(database, ownerUrl);
  return (await migrate({ url: ownerUrl, sources: sourcesOf(database) })).applied;
}
