import { EventEmitter } from 'node:events';
import type { Writable } from 'node:stream';
import type { Agenda, Party } from './agenda.ts';
import type { Answer, Statement } from './sessions.ts';
import type { VirtualTime } from './virtual-time.ts';

type OnAnswer = (error: Error | null, result: unknown) => void;
type Asked = Statement & { readonly query_timeout?: number };

/** The rows of a copy, as pg-copy-streams takes them: it is told when its connection is lost. */
type Copy = Writable & { handleError(error: Error): void };

/** What Knex takes for a connection of node-postgres. */
export type Connection = EventEmitter & {
  query(asked: Asked, onAnswer: OnAnswer): unknown;
  end(onEnd?: () => void): void;
  readonly connection: { readonly stream: { destroy(): void } };
};

/** The server's hand on a connection. */
export type Hold = {
  /** The client hears that it is over. */
  breakOff(why: string): void;
};

type ConnectionInput = {
  readonly agenda: Agenda;
  readonly party: Party;
  readonly time: VirtualTime;
  readonly wayMs: () => number;
  readonly ask: (statement: Statement, onAnswer: (answer: Answer) => void) => void;
  readonly copy: (stream: Writable) => void;
  readonly end: () => void;
};

/** Makes the client's side of a connection: what is asked, and what is answered, goes over the agenda. */
export function connection({ agenda, party, time, wayMs, ask, copy, end }: ConnectionInput): {
  connection: Connection;
  hold: Hold;
} {
  const made = new EventEmitter() as Connection & { __knex__disposed?: unknown };
  const open = new Set<OnAnswer>();
  const copies = new Set<Copy>();
  let over: Error | null = null;
  const soon = (work: () => void, ms: number) => agenda.add(party, ms, () => time.as(party, work));
  const answer = (onAnswer: OnAnswer, error: Error | null, result: unknown): void => {
    if (open.delete(onAnswer)) onAnswer(error, result);
  };
  const breakOff = (why: string): void => {
    if (over !== null) return;
    const error = Object.assign(new Error(why), { code: 'ECONNRESET' });
    over = error;
    soon(() => {
      for (const onAnswer of [...open]) answer(onAnswer, error, undefined);
      for (const stream of copies) stream.handleError(error);
      made.emit('error', error);
      made.emit('end');
    }, wayMs());
  };
  const query = (asked: Asked | Copy, onAnswer: OnAnswer): unknown => {
    if ('writable' in asked) {
      const error = over;
      copies.add(asked);
      for (const end of ['error', 'close']) asked.once(end, () => copies.delete(asked));
      if (error === null) copy(asked);
      else soon(() => asked.handleError(error), 0);
      return asked;
    }
    open.add(onAnswer);
    if (over !== null) {
      const error = over;
      soon(() => answer(onAnswer, error, undefined), 0);
      return undefined;
    }
    const limit =
      asked.query_timeout === undefined
        ? null
        : soon(() => answer(onAnswer, new Error('Query read timeout'), undefined), asked.query_timeout);
    ask({ text: asked.text, values: asked.values ?? [] }, ({ error, result }) => {
      if (over !== null) return;
      soon(() => {
        if (limit !== null) limit.isCancelled = true;
        answer(onAnswer, error, result);
      }, wayMs());
    });
    return undefined;
  };
  Object.assign(made, {
    query,
    end: (onEnd?: () => void) => {
      over ??= new Error('Client was closed and is not queryable');
      end();
      onEnd?.();
    },
    connection: {
      stream: {
        destroy: () => {
          over ??= new Error('Connection terminated');
          end();
        },
      },
    },
  });
  made.on('error', (error) => {
    made.__knex__disposed = error;
  });
  made.on('end', () => {
    made.__knex__disposed ??= 'ended';
  });
  return { connection: made, hold: { breakOff } };
}
