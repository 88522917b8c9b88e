import type { Database } from '@bijli/postgres';
import { openDedicatedConnection } from '@bijli/postgres';

export type LeaderConnection = Awaited<ReturnType<typeof openDedicatedConnection>>;

export type LeaderLock = {
  /** Resolves with the leader's connection, or with nothing while another replica leads. Rejects when the database is away. */
  take(): Promise<LeaderConnection | undefined>;
  isLeader(): boolean;
  /** Lets another replica lead. */
  give(): Promise<void>;
};

/** A database is one shard, so one lock of this number per service; a session lock, which falls with its connection. */
const LEADER_LOCK = 7_204_120;
/** A process that is frozen says nothing; the server then ends its connection, and another replica takes over. */
const SILENCE_LIMIT_MS = 15_000;
const SIGN_OF_LIFE_MS = 5_000;
const FOLLOWER_TRIES_EVERY_MS = 1_000;

/**
 * Competes with all replicas for the leader lock, on a connection of its own: a process that loses the connection has lost the lock, and
 * what it still sends on that connection fails. Calls `onNotify` at each notification on `channel`, if one is named, while it leads.
 */
export function openLeaderLock(db: Database, onNotify: () => void, channel?: string): LeaderLock {
  let connection: LeaderConnection | undefined;
  let leads = false;
  let triedAt = 0;

  const connect = async (): Promise<LeaderConnection> => {
    const opened = await openDedicatedConnection(db, 'outbox relay');
    const signs = setInterval(() => void opened.query('select 1').catch(() => undefined), SIGN_OF_LIFE_MS);
    opened.once('end', () => {
      clearInterval(signs);
      if (connection !== opened) return;
      connection = undefined;
      leads = false;
    });
    opened.on('notification', onNotify);
    connection = opened;
    await opened.query(`set idle_session_timeout = ${SILENCE_LIMIT_MS}`);
    // Nothing but marks is written here. Should PostgreSQL crash and lose the last of them, those events are sent again.
    await opened.query('set synchronous_commit = off');
    return opened;
  };
  const compete = async (on: LeaderConnection): Promise<void> => {
    triedAt = Date.now();
    const { rows } = await on.query<{ leads: boolean }>('select pg_try_advisory_lock($1) as leads', [LEADER_LOCK]);
    if (rows[0]?.leads !== true) return;
    if (channel !== undefined) await on.query(`listen ${channel}`);
    leads = true;
  };
  return {
    take: async () => {
      const on = connection ?? (await connect());
      if (!leads && Date.now() - triedAt >= FOLLOWER_TRIES_EVERY_MS) await compete(on);
      return leads ? on : undefined;
    },
    isLeader: () => leads,
    give: async () => {
      leads = false;
      await connection?.end();
    },
  };
}
