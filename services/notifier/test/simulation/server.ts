import type { Writable } from 'node:stream';
import { type Database, openDatabase } from '@bijli/postgres';
import type { Agenda, Party } from './agenda.ts';
import { openParty } from './agenda.ts';
import { DONE, inShort, rowsOf } from './answers.ts';
import type { Chance } from './chance.ts';
import { type Connection, connection, type Hold } from './connection.ts';
import { isBeat, openSightings, type Sightings } from './landmarks.ts';
import type { Times } from './ask-with-time.ts';
import { inAnyOrder } from './any-order.ts';
import {
  type Answer,
  isBegin,
  isEnd,
  type Running,
  type ServerSession,
  type Sessions,
  type Statement,
} from './sessions.ts';
import { changesNothing, openPolls } from './polls.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How long the way to PostgreSQL takes, milliseconds, and how often it takes much longer. */
export type Way = { readonly usualMs: number; readonly slowMs: number; readonly slowly: number };

/** PostgreSQL, whose statements run one by one, when their turn on the agenda comes. */
export type Server = {
  readonly party: Party;
  way: Way;
  /** Statements that it was given. */
  statements: number;
  /** Puts its clock forward by so many milliseconds, or back. */
  putClock(byMs: number): void;
  /** Opens a pool for a party. */
  open(party: Party): Database;
  /** A process has died: what it had under way is rolled back when the server notices. */
  kill(party: Party): void;
  /** All connections of a party break, and none is made for so long. */
  cut(party: Party, forMs: number): void;
  readonly sightings: Omit<Sightings, 'ran'>;
  /** No renewal of a party's lease arrives for so long, as on a connection whose other end is gone. */
  loseBeats(party: Party, forMs: number): void;
  /** Ends everything. */
  end(): Promise<void>;
};

/** The limits that a session is given (libs/postgres, main.ts). */
const STATEMENT_TIMEOUT_MS = 30_000;
const IDLE_IN_TRANSACTION_MS = 10_000;

type Held = Hold & {
  readonly party: Party;
  /** One of the real ones, while it runs something or is inside a transaction: few are there, whose plans are made. */
  session: ServerSession | null;
  isInside: boolean;
  /** Whether its transaction has begun, of which PostgreSQL hears with the first statement in it. */
  isBeginning: boolean;
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
  { agenda, time, chance, note }: { agenda: Agenda; time: VirtualTime; chance: Chance; note: (what: string) => void },
): Server {
  const party = openParty('postgresql');
  let clockOffMs = 0;
  const holds = new Set<Held>();
  const waiting = new Map<Running, (answer: Answer) => Promise<void>>();
  const cutUntil = new Map<Party, number>();
  const noBeatsUntil = new Map<Party, number>();
  const sightings = openSightings(agenda);
  const polls = openPolls(() => sessions.nextChunkInMs(clock()));
  const clock = (): Date => new Date(time.wallNow() + clockOffMs);
  const rowOrder = chance.fork('rows');

  const wayMs = (): number => {
    const { usualMs, slowMs, slowly } = server.way;
    return chance.happens(slowly) ? chance.between(usualMs, slowMs) : chance.between(0.1, usualMs);
  };

  /** Runs a statement now; what waited for somebody else's lock may go on by it. */
  async function run(held: Held, statement: Statement, onAnswer: (answer: Answer) => void): Promise<void> {
    const known = held.isInside ? null : polls.known(statement, agenda.now());
    held.turns += 1;
    if (known !== null) return onAnswer(known);
    if (isBegin(statement)) {
      held.begunAt = clock();
      [held.isInside, held.isBeginning] = [true, true];
      watchIdle(held);
      return onAnswer(DONE);
    }
    if (isEnd(statement) && held.isBeginning) {
      [held.isInside, held.isBeginning] = [false, false];
      return onAnswer(DONE);
    }
    server.statements += 1;
    note(`${held.party.name}: ${statement.text.trim().slice(0, 60)} ${JSON.stringify(statement.values ?? [])}`);
    await runOnSession(
      held,
      (session, times) => sessions.run(session, statement, times),
      async (given) => {
        const answer = inAnyOrder(statement, given, rowOrder);
        note(`${held.party.name}: ${inShort(answer)}`);
        if (given.error === null) sightings.ran(held.party, statement.text, rowsOf(given));
        const isLonely = !held.isInside;
        held.hasChanged ||= !isEnd(statement) && !changesNothing(statement, answer, isLonely);
        if ((isLonely || isEnd(statement)) && held.hasChanged) polls.forget();
        if (isLonely && !held.hasChanged) await polls.note(statement, answer, agenda.now());
        if (isLonely || isEnd(statement)) held.hasChanged = false;
        if (isEnd(statement)) held.isInside = false;
        onAnswer(answer);
      },
    );
  }
  async function copy(held: Held, stream: Writable): Promise<void> {
    server.statements += 1;
    held.turns += 1;
    held.hasChanged = true;
    await runOnSession(
      held,
      (session, times) => sessions.copy(session, stream, times),
      async () => {},
    );
  }
  async function runOnSession(
    held: Held,
    begin: (session: ServerSession, times: Times) => Running,
    onAnswer: (answer: Answer) => Promise<void>,
  ): Promise<void> {
    const now = clock();
    if (!held.isInside) held.begunAt = now;
    held.session ??= await sessions.take();
    const running = begin(held.session, { begun: held.begunAt, now, isBeginning: held.isBeginning });
    held.isBeginning = false;
    held.running = running;
    await sessions.endOrWait(running);
    const ended = async (answer: Answer): Promise<void> => {
      held.running = null;
      await onAnswer(answer);
      if (held.isInside) watchIdle(held);
      else giveBack(held);
    };
    if (running.answer !== null) await ended(running.answer);
    else {
      waiting.set(running, ended);
      watchWaiting(running);
    }
    // A lock is given free where a transaction ends.
    if (!held.isInside) await goOn();
  }
  function giveBack(held: Held): void {
    if (held.session !== null) sessions.give(held.session);
    held.session = null;
  }
  async function goOn(): Promise<void> {
    for (let isSomething = true; isSomething && waiting.size > 0; ) {
      await sessions.settle([...waiting.keys()]);
      isSomething = false;
      for (const [running, ended] of [...waiting]) {
        if (running.answer === null || !waiting.delete(running)) continue;
        isSomething = true;
        await ended(running.answer);
      }
    }
  }
  function watchWaiting(running: Running): void {
    agenda.add(party, STATEMENT_TIMEOUT_MS, async () => {
      if (running.answer !== null) return;
      await sessions.cancel(running.session);
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
      await sessions.cancel(running.session);
      await running.ended;
      waiting.delete(running);
    }
    polls.forget();
    if (held.isInside && !held.isBeginning) await held.session?.client.query('rollback');
    giveBack(held);
    await goOn();
  }

  async function connect(of: Party): Promise<Connection> {
    const until = cutUntil.get(of) ?? 0;
    if (until > agenda.now()) {
      await new Promise<void>((resolve) => void agenda.add(of, 5, resolve));
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    }
    await new Promise<void>((resolve) => void agenda.add(party, wayMs(), resolve));
    let held: Held;
    const made = connection({
      agenda,
      party: of,
      time,
      wayMs,
      ask: (statement, onAnswer) => {
        agenda.add(party, wayMs(), () => {
          if (held.isGone || held.isLost) return;
          if (isBeat(statement.text) && (noBeatsUntil.get(of) ?? 0) > agenda.now()) return;
          return run(held, statement, onAnswer);
        });
      },
      copy: (stream) => {
        agenda.add(party, wayMs(), () => {
          if (held.isGone || held.isLost) return;
          return copy(held, stream);
        });
      },
      end: () => void agenda.add(party, wayMs(), () => letGo(held)),
    });
    held = {
      ...made.hold,
      party: of,
      session: null,
      isInside: false,
      isBeginning: false,
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
    putClock: (byMs) => {
      clockOffMs += byMs;
      polls.forget();
    },
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
    sightings,
    loseBeats: (of, forMs) => void noBeatsUntil.set(of, agenda.now() + forMs),
    end: async () => {
      for (const held of [...holds]) await letGo(held);
    },
  };
  return server;
}
