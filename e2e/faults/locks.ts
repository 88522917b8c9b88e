import pg from 'pg';
import type { FaultSystem, ServiceName } from './system.ts';

/** Holds tables of a service locked while work is done, as a session does that somebody opened by hand and left. */
export async function whileLocked<T>(
  system: FaultSystem,
  name: ServiceName,
  tables: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const session = new pg.Client({ host: '127.0.0.1', ...system.database(name) });
  session.on('error', () => undefined);
  await session.connect();
  try {
    await session.query(`begin; lock table ${tables.join(', ')} in access exclusive mode`);
    return await work();
  } finally {
    await session.query('rollback');
    await session.end();
  }
}
