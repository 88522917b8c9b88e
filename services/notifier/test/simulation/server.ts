import { finished } from 'node:stream/promises';
import type { Writable } from 'node:stream';
import { type Database, openDatabase } from '@bijli/postgres';
import type { Agenda, Party } from './agenda.ts';
import { openParty } from './agenda.ts';
import type { Chance } from './chance.ts';
import { type Connection, connection, type Hold } from './connection.ts';
import {
  type Answer,
  isBegin,
  isEnd,
  type Running,
  type ServerSession,
  type Sessions,
  type Statement,
  timed,
} from './sessions.ts';
import { changesNothing, openPolls } from './polls.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How long the way to PostgreSQL takes, milliseconds, and how often it takes much longer. */
export type Way = { readonly usualMs: number; readonly slowMs: number; readonly slowly: number };

/** PostgreSQL, whose statements run one by one, when their turn on the agenda comes. */
export type Server = {
  readonly party: Party;
  /** How far its clock is off, milliseconds. */
  clockOffMs: number;
  way: Way;
  /** Statements that it was given. */
  statements: number;
  /** Opens a pool for a party. */
  open(party: Party): Database;
  /** A process has died: what it had under way is rolled back when the server notices. */
  kill(party: Party): void;
  /** All connections of a party break, and none is made for so long. */
  cut(party: Party, forMs: number): void;
  /** Ends everything. */
  end(): Promise<void>;
};

/** The limits that a session is given (libs/postgres, main.ts). */
const STATEMENT_TIMEOUT_MS = 30_000;
const IDLE_IN_TRANSACTION_MS = 10_000;

type Held = Hold & {
  readonly party: Party;
  readonly session: ServerSession;
  isInside: boolean;
  /** Whether its transaction changed or locked anything. */
  hasChanged: boolean;
  /** When its transaction, or its lonely statement, began, on the server's clock. */
  begunAt: Date;
  isGone: boolean;
  /** What was sent and has not arrived does not arrive. */
  isLost: boolean;
  /** What the server runs, or waits with. */
  running: Running | null;
  /** Counts what it did: a limit that was set before the latest is none. */
  turns: number;
};

export function openServer(
  sessions: Sessions,
  { agenda, time, chance }: { agenda: Agenda; time: VirtualTime; chance: Chance },
): Server {
  const party = openParty('postgresql');
  const holds = new Set<Held>();
  const waiting = new Map<Running, (answer: Answer) => Promise<void>>();
  const cutUntil = new Map<Party, number>();
  const polls = openPolls(sessions.chunksWait);

  const wayMs = (): number => {
    const { usualMs, slowMs, slowly } = server.way;
    return chance.happens(slowly) ? chance.between(usualMs, slowMs) : chance.between(0.1, usualMs);
  };

  /** Runs a statement now; what waited for somebody else's lock may go on by it. */
  async function run(held: Held, statement: Statement, onAnswer: (answer: Answer) => void): Promise<void> {
    held.turns += 1;
    const now = new Date(time.wallNow() + server.clockOffMs);
    if (!held.isInside) held.begunAt = now;
    const { text } = statement;
    const known = held.isInside ? null : polls.known(statement, agenda.now());
    if (known !== null) return onAnswer(known);
    server.statements += 1;
    const running = await sessions.run(held.session, { ...statement, text: timed(text, held.begunAt, now) });
    held.running = running;
    const ended = async (answer: Answer): Promise<void> => {
      held.running = null;
      const isLonely = !held.isInside && !isBegin(statement);
      held.hasChanged ||= !isEnd(statement) && !changesNothing(statement, answer);
      if ((isLonely || isEnd(statement)) && held.hasChanged) polls.forget();
      if (isLonely && !held.hasChanged) await polls.note(statement, answer, agenda.now());
      if (isLonely || isEnd(statement)) held.hasChanged = false;
      if (isBegin(statement)) held.isInside = answer.error === null;
      if (isEnd(statement)) held.isInside = false;
      if (held.isInside) watchIdle(held);
      onAnswer(answer);
    };
    if (running.answer === null) {
      waiting.set(running, ended);
      watchWaiting(held, running);
    } else await ended(running.answer);
    await goOn();
  }
  async function goOn(): Promise<void> {
    if (waiting.size === 0) return;
    await sessions.settle([...waiting.keys()]);
    for (const [running, ended] of [...waiting]) {
      if (running.answer === null) continue;
      waiting.delete(running);
      await ended(running.answer);
    }
  }
  function watchWaiting(held: Held, running: Running): void {
    agenda.add(party, STATEMENT_TIMEOUT_MS, async () => {
      if (running.answer !== null) return;
      await sessions.cancel(held.session);
      await running.ended;
      await goOn();
    });
  }
  function watchIdle(held: Held): void {
    const { turns } = held;
    agenda.add(party, IDLE_IN_TRANSACTION_MS, async () => {
      if (held.isGone || held.turns !== turns || !held.isInside) return;
      await letGo(held);
      held.breakOff('terminating connection due to idle-in-transaction timeout');
    });
  }
  /** The server ends a session, as its client is gone. */
  async function letGo(held: Held): Promise<void> {
    if (held.isGone) return;
    held.isGone = true;
    holds.delete(held);
    const { running } = held;
    if (running !== null && running.answer === null) {
      await sessions.cancel(held.session);
      await running.ended;
      waiting.delete(running);
    }
    polls.forget();
    if (held.isInside) await held.session.client.query('rollback');
    sessions.give(held.session);
    await goOn();
  }

  async function connect(of: Party): Promise<Connection> {
    const until = cutUntil.get(of) ?? 0;
    if (until > agenda.now()) {
      await new Promise<void>((resolve) => void agenda.add(of, 5, resolve));
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    }
    const session = await new Promise<ServerSession>((resolve) => {
      agenda.add(party, wayMs(), async () => resolve(await sessions.take()));
    });
    let held: Held;
    const made = connection({
      agenda,
      party: of,
      time,
      wayMs,
      ask: (statement, onAnswer) => {
        agenda.add(party, wayMs(), () => {
          if (held.isGone || held.isLost) return;
          return run(held, statement, onAnswer);
        });
      },
      copy: (stream) => {
        agenda.add(party, wayMs(), async () => {
          if (held.isGone) return;
          held.turns += 1;
          const over = finished(stream as unknown as Writable).catch(() => undefined);
          held.hasChanged = true;
          const copied = stream as { text: string };
          copied.text = timed(copied.text, held.begunAt, new Date(time.wallNow() + server.clockOffMs));
          held.session.client.query(copied as never);
          await over;
        });
      },
      end: () => void agenda.add(party, wayMs(), () => letGo(held)),
    });
    held = {
      ...made.hold,
      party: of,
      session,
      isInside: false,
      hasChanged: false,
      begunAt: new Date(0),
      isGone: false,
      running: null,
      turns: 0,
      isLost: false,
    };
    holds.add(held);
    return made.connection;
  }

  const server: Server = {
    party,
    clockOffMs: 0,
    way: { usualMs: 1, slowMs: 1, slowly: 0 },
    statements: 0,
    open: (of) => {
      const database = openDatabase({ url: 'postgres://nowhere', applicationName: of.name, onIdleError: () => {} });
      Object.assign(database.client, {
        version: '18',
        acquireRawConnection: () => connect(of),
        destroyRawConnection: (ended: Connection) => Promise.resolve(ended.end()),
      });
      return database;
    },
    kill: (of) => {
      for (const held of holds) {
        if (held.party !== of) continue;
        // What is on its way may arrive or not.
        held.isLost = chance.happens(0.5);
        agenda.add(party, chance.happens(0.1) ? 15_000 : chance.between(0, 5), () => letGo(held));
      }
    },
    cut: (of, forMs) => {
      cutUntil.set(of, agenda.now() + forMs);
      for (const held of holds) {
        if (held.party !== of) continue;
        held.isLost = chance.happens(0.5);
        held.breakOff('Connection terminated unexpectedly');
        agenda.add(party, chance.between(0, 50), () => letGo(held));
      }
    },
    end: async () => {
      for (const held of [...holds]) await letGo(held);
    },
  };
  return server;
}
