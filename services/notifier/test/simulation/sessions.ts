import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type Database, openDedicatedConnection, query } from '@bijli/postgres';
import { askWithTime, BEGIN, type Client, SAY_TIME, type Times } from './ask-with-time.ts';

/** One session on the real server. */
export type ServerSession = { readonly client: Client; readonly pid: number };

/** A statement, as node-postgres takes it. */
export type Statement = { readonly text: string; readonly values?: readonly unknown[] };
export type Answer = { readonly error: Error | null; readonly result: unknown };

/** A statement that PostgreSQL was given. */
export type Running = {
  readonly session: ServerSession;
  readonly ended: Promise<Answer>;
  answer: Answer | null;
  isVictim: boolean;
};

/** Sessions that are used again and again, and the watch over who waits for whose lock. */
export type Sessions = {
  take(): Promise<ServerSession>;
  give(session: ServerSession): void;
  /** Begins a statement. */
  run(session: ServerSession, statement: Statement, times: Times): Running;
  /** Begins a copy, whose rows the stream brings. */
  copy(session: ServerSession, stream: Writable, times: Times): Running;
  /** Resolves when a statement has ended, or waits for a lock that another session holds. */
  endOrWait(running: Running): Promise<void>;
  /** Looks whether those that waited go on, and waits until they have ended or wait again. */
  settle(waiting: readonly Running[]): Promise<void>;
  /** When the next chunk comes of age that waits for its time; infinity where none does. */
  nextChunkInMs(now: Date): Promise<number>;
  cancel(session: ServerSession): Promise<void>;
  close(): Promise<void>;
};

const USUAL_MS = 2;
/** A statement that neither ends nor waits for anybody is the end of a story. */
const MOST_MS = 30_000;
const [realTimeout, endRealTimeout, realNow] = [setTimeout, clearTimeout, performance.now.bind(performance)];
/** Waits for an answer, but no longer than so many real milliseconds. */
async function moment({ ended }: Running, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = realTimeout(resolve, ms);
  await Promise.race([ended, promise]);
  endRealTimeout(timer);
}

/** Statements are planned once; a deadlock is ended by us, else real time would say who is its victim. */
const SHOW_IT = `set search_path = sim, pg_catalog, public; set plan_cache_mode = force_generic_plan; set deadlock_timeout = '1 h';
  set statement_timeout = 0; set idle_in_transaction_session_timeout = 0`;

const NEXT_CHUNK = `
  select extract(epoch from min(at) - :now::timestamptz)::float8 * 1000 as ms
    from chunk cross join lateral (values (not_before), (leased_until)) as own (at)
   where state <> 'done' and at > :now::timestamptz`;

export function openSessions(database: Database): Sessions {
  const free: ServerSession[] = [];
  const all: ServerSession[] = [];
  const names = new Map<string, string>();

  async function take(): Promise<ServerSession> {
    const known = free.pop();
    if (known !== undefined) return known;
    const client = await openDedicatedConnection(database, 'simulation');
    await client.query(SHOW_IT);
    await client.query(SAY_TIME);
    await client.query(BEGIN);
    await client.query('rollback');
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const session = { client, pid: rows[0]?.pid ?? 0 };
    all.push(session);
    return session;
  }
  async function blockersOf(waiting: readonly Running[]): Promise<(of: Running) => readonly number[]> {
    const rows = await query<{ pid: number; blockers: number[] }>(
      database,
      'select pid, pg_catalog.pg_blocking_pids(pid) as blockers from unnest(:pids::int[]) as pid',
      { pids: waiting.map(({ session: { pid } }) => pid) },
    );
    const known = new Map(rows.map(({ pid, blockers }) => [pid, blockers]));
    return ({ session: { pid } }) => known.get(pid) ?? [];
  }
  /** Statements that waited for a lock when one looked last. */
  const waiting = new Set<Running>();
  /** Whoever closes a ring of those that wait for each other is the victim. */
  async function endOrWait(running: Running): Promise<void> {
    const begunAt = realNow();
    for (let ms = USUAL_MS; ; ms = Math.min(50, 2 * ms)) {
      await moment(running, ms);
      if (running.answer !== null) return;
      waiting.add(running);
      for (const one of waiting) if (one.answer !== null) waiting.delete(one);
      const others = [...waiting];
      const blockers = await blockersOf(others);
      if (running.answer === null && blockers(running).length > 0) {
        if (!isInRing(running, others, blockers)) return;
        running.isVictim = true;
        await cancel(running.session);
      }
      if (realNow() - begunAt > MOST_MS) throw new Error('a statement neither ends nor waits for a lock');
    }
  }
  function start(
    session: ServerSession,
    ask: (onAnswer: (error: Error | null, result: unknown) => void) => void,
  ): Running {
    const { promise: ended, resolve } = Promise.withResolvers<Answer>();
    const running: Running = { session, ended, answer: null, isVictim: false };
    ask((error, result) => {
      running.answer = { error: running.isVictim && error !== null ? deadlock() : error, result };
      resolve(running.answer);
    });
    return running;
  }
  const cancel = async ({ pid }: ServerSession): Promise<void> => {
    await query(database, 'select pg_catalog.pg_cancel_backend(:pid::int)', { pid });
  };
  const nameOf = (text: string): string => {
    const known = names.get(text) ?? `s${names.size}`;
    names.set(text, known);
    return known;
  };

  return {
    take,
    give: (session) => void free.push(session),
    run: (session, { text, values }, times) =>
      start(session, (onAnswer) => {
        if (isEnd({ text })) session.client.query(text, onAnswer);
        else askWithTime(session.client, { name: nameOf(text), text, values: [...(values ?? [])] }, times, onAnswer);
      }),
    copy: (session, stream, times) =>
      start(session, (onAnswer) => {
        askWithTime(session.client, NOTHING, times, () => undefined);
        session.client.query(stream as never);
        finished(stream).then(
          () => onAnswer(null, null),
          (error: Error) => onAnswer(error, null),
        );
      }),
    endOrWait,
    async settle(those) {
      for (let open = those; ; ) {
        open = open.filter(({ answer }) => answer === null);
        if (open.length === 0) return;
        const blockers = await blockersOf(open);
        const goingOn = open.filter((one) => one.answer === null && blockers(one).length === 0);
        if (goingOn.length === 0 && open.every(({ answer }) => answer === null)) return;
        for (const one of goingOn) await endOrWait(one);
      }
    },
    nextChunkInMs: async (now) =>
      (await query<{ ms: number | null }>(database, NEXT_CHUNK, { now: now.toISOString() }))[0]?.ms ??
      Number.POSITIVE_INFINITY,
    cancel,
    close: async () => {
      await Promise.all(all.map(({ client }) => client.end()));
    },
  };
}

/** Tells whether those for whom a statement waits wait for it in turn. */
function isInRing(
  running: Running,
  waiting: readonly Running[],
  blockers: (of: Running) => readonly number[],
): boolean {
  const seen = new Set<number>();
  const open = [...blockers(running)];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    if (pid === running.session.pid) return true;
    if (seen.has(pid)) continue;
    seen.add(pid);
    for (const one of waiting) if (one.session.pid === pid) open.push(...blockers(one));
  }
  return false;
}

/** Asks nothing, and so says only the time. */
const NOTHING = { name: 'nothing', text: 'select', values: [] };
const deadlock = (): Error => Object.assign(new Error('deadlock detected'), { code: '40P01' });

export function isBegin({ text }: Statement): boolean {
  return /^\s*begin\b/i.test(text);
}
export function isEnd({ text }: Statement): boolean {
  return /^\s*(commit|rollback)\b/i.test(text);
}
