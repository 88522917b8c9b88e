import { type Database, openDedicatedConnection, query } from '@bijli/postgres';

type Client = Awaited<ReturnType<typeof openDedicatedConnection>>;

/** One session on the real server. */
export type ServerSession = { readonly client: Client; readonly pid: number };

/** A statement, as node-postgres takes it. */
export type Statement = { readonly text: string; readonly values?: readonly unknown[] };
export type Answer = { readonly error: Error | null; readonly result: unknown };

/** A statement that PostgreSQL was given. */
export type Running = { readonly session: ServerSession; readonly ended: Promise<Answer>; answer: Answer | null };

/** Sessions that are used again and again, and the watch over who waits for whose lock. */
export type Sessions = {
  take(): Promise<ServerSession>;
  give(session: ServerSession): void;
  /** Runs a statement. @returns when it has ended, or waits for a lock that another session holds. */
  run(session: ServerSession, statement: Statement): Promise<Running>;
  /** Looks whether those that waited go on, and waits until they have ended or wait again. */
  settle(waiting: readonly Running[]): Promise<void>;
  /** Whether a chunk waits for its time. */
  chunksWait(): Promise<boolean>;
  cancel(session: ServerSession): Promise<void>;
  close(): Promise<void>;
};

const USUAL_MS = 2;
/** A deadlock is PostgreSQL's to end; it looks after this long. */
const DEADLOCK_MS = 20;
const [realTimeout, endRealTimeout] = [setTimeout, clearTimeout];
/** Waits for an answer, but no longer than so many real milliseconds. */
async function moment({ ended }: Running, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = realTimeout(resolve, ms);
  await Promise.race([ended, promise]);
  endRealTimeout(timer);
}

/**
 * Clocks that are found before the server's own: they read the time that stands as a comment before each statement, when its transaction began
 * and what the clock shows now.
 */
export const VIRTUAL_CLOCK = `
  create schema if not exists sim;
  create or replace function sim.now() returns timestamptz language sql stable
    as $$ select substr(pg_catalog.current_query(), 3, 24)::timestamptz $$;
  create or replace function sim.clock_timestamp() returns timestamptz language sql stable
    as $$ select substr(pg_catalog.current_query(), 28, 24)::timestamptz $$;
  create or replace function sim.statement_timestamp() returns timestamptz language sql stable
    as $$ select substr(pg_catalog.current_query(), 28, 24)::timestamptz $$;
  select open_day('2026-03-02'), open_day('2026-03-03');
  do $$
  declare d record;
  begin
    for d in select c.oid::regclass as tab, a.attname as col
               from pg_attrdef x join pg_class c on c.oid = x.adrelid
               join pg_attribute a on a.attrelid = c.oid and a.attnum = x.adnum
              where c.relnamespace = 'public'::regnamespace and pg_get_expr(x.adbin, x.adrelid) = 'now()' loop
      execute format('alter table %s alter column %I set default sim.now()', d.tab, d.col);
    end loop;
    for d in select c.oid::regclass as tab from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' loop
      execute format('alter table %s set (autovacuum_enabled = false)', d.tab);
    end loop;
  end $$`;
const SHOW_IT = `set search_path = sim, pg_catalog, public; set deadlock_timeout = '${DEADLOCK_MS} ms'; set statement_timeout = 0;
  set idle_in_transaction_session_timeout = 0`;

const CHUNKS_WAIT = `
  select from chunk where state <> 'done' and (not_before is not null or leased_until is not null) limit 1`;

export function openSessions(database: Database): Sessions {
  const free: ServerSession[] = [];
  const all: ServerSession[] = [];

  async function take(): Promise<ServerSession> {
    const known = free.pop();
    if (known !== undefined) return known;
    const client = await openDedicatedConnection(database, 'simulation');
    await client.query(SHOW_IT);
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const session = { client, pid: rows[0]?.pid ?? 0 };
    all.push(session);
    return session;
  }
  const blockersOf = async ({ pid }: ServerSession): Promise<readonly number[]> => {
    const [row] = await query<{ pids: number[] }>(database, 'select pg_catalog.pg_blocking_pids(:pid::int) as pids', {
      pid,
    });
    return row?.pids ?? [];
  };
  /** Resolves when a statement has ended, or waits for somebody's lock who does not wait himself. */
  async function endOrWait(running: Running): Promise<void> {
    for (let ms = USUAL_MS; ; ms = USUAL_MS) {
      await moment(running, ms);
      if (running.answer !== null) return;
      if (await waitsInTheEnd(running.session)) return;
    }
  }
  async function waitsInTheEnd(session: ServerSession): Promise<boolean> {
    const seen = new Set<number>();
    const open = [...(await blockersOf(session))];
    if (open.length === 0) return false;
    for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
      if (pid === session.pid) return false; // a deadlock: it ends by itself
      if (seen.has(pid)) continue;
      seen.add(pid);
      open.push(...(await blockersOf({ ...session, pid })));
    }
    return true;
  }
  function start(session: ServerSession, statement: Statement): Running {
    const { client } = session;
    const { promise: ended, resolve } = Promise.withResolvers<Answer>();
    const running: Running = { session, ended, answer: null };
    client.query(
      { text: statement.text, values: [...(statement.values ?? [])] },
      (error: Error | null, result: unknown) => {
        running.answer = { error, result };
        resolve(running.answer);
      },
    );
    return running;
  }

  return {
    take,
    give: (session) => void free.push(session),
    async run(session, statement) {
      const running = start(session, statement);
      await endOrWait(running);
      return running;
    },
    async settle(waiting) {
      for (const running of waiting) if (running.answer === null) await endOrWait(running);
    },
    chunksWait: async () => (await query(database, CHUNKS_WAIT)).length > 0,
    cancel: async ({ pid }) => {
      await query(database, 'select pg_catalog.pg_cancel_backend(:pid::int)', { pid });
    },
    close: async () => {
      await Promise.all(all.map(({ client }) => client.end()));
    },
  };
}

/** Says a statement with the time at which its transaction began, and the time that it is. */
export function timed(text: string, begun: Date, now: Date): string {
  return `/*${begun.toISOString()} ${now.toISOString()}*/ ${text}`;
}
export function isBegin({ text }: Statement): boolean {
  return /^\s*begin\b/i.test(text);
}
export function isEnd({ text }: Statement): boolean {
  return /^\s*(commit|rollback)\b/i.test(text);
}
