import type { openDedicatedConnection } from '@bijli/postgres';

export type Client = Awaited<ReturnType<typeof openDedicatedConnection>>;

/** When a transaction began, what the server's clock shows now, and whether the transaction begins with this statement. */
export type Times = { readonly begun: Date; readonly now: Date; readonly isBeginning: boolean };

type Message = { readonly command?: string };
type Wire = { bind(config: object): void; execute(config: object): void };
type Question = { readonly name: string; readonly text: string; readonly values: readonly unknown[] };
type OnAnswer = (error: Error | null, result: unknown) => void;
/** The question of node-postgres: what it sends, and what it makes of the answers. */
type Query = {
  prepare(wire: Wire): void;
  handleDataRow(row: Message): void;
  handleCommandComplete(message: Message, wire: Wire): void;
};
type QueryClass = new (question: Question, values: undefined, onAnswer: OnAnswer) => Query;

/** These are prepared once in each session. */
export const BEGIN = { name: 'begin', text: 'begin' };
export const SAY_TIME = {
  name: 'say_time',
  text: `select set_config('sim.begun', $1, false), set_config('sim.clock', $2, false)`,
  values: [new Date(0).toISOString(), new Date(0).toISOString()],
};

/**
 * Asks PostgreSQL with the time that it is there, which goes ahead in the same message: the statement's own text stays the same, so that it is
 * parsed and planned once. The beginning of a transaction goes ahead as well, which is no more than a word.
 */
export function askWithTime(client: Client, question: Question, times: Times, onAnswer: OnAnswer): void {
  made ??= timedQuery((client.constructor as unknown as { readonly Query: QueryClass }).Query);
  client.query(new made(question, times, onAnswer) as never);
}

let made: ReturnType<typeof timedQuery> | null = null;

function timedQuery(Query: QueryClass) {
  return class extends Query {
    readonly #times: Times;
    /** Answers that are still to come of what goes ahead. */
    #ahead = 1;
    constructor(question: Question, times: Times, onAnswer: OnAnswer) {
      super(question, undefined, onAnswer);
      this.#times = times;
    }
    override prepare(wire: Wire): void {
      const { begun, now, isBeginning } = this.#times;
      if (isBeginning) {
        this.#ahead = 2;
        wire.bind({ statement: BEGIN.name });
        wire.execute({});
      }
      wire.bind({ statement: SAY_TIME.name, values: [begun.toISOString(), now.toISOString()] });
      wire.execute({});
      super.prepare(wire);
    }
    override handleDataRow(row: Message): void {
      if (this.#ahead === 0) super.handleDataRow(row);
    }
    override handleCommandComplete(message: Message, wire: Wire): void {
      if (this.#ahead === 0) super.handleCommandComplete(message, wire);
      else this.#ahead -= 1;
    }
  };
}
