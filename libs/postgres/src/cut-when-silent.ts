import type pg from 'pg';

type Answer = (error: Error | null, result: unknown) => void;
type Ask = (config: { readonly text: string }, answer: Answer) => void;

/** What node-postgres says of a statement without an answer. */
const NO_ANSWER = 'Query read timeout';

/**
 * Cuts a connection whose server does not answer a statement for so long, milliseconds: one behind a broken path, where the server's own limit
 * is of no use. The statement fails as on a lost connection. Without the cut the pool would hand out the connection again, with the answer still to come.
 */
export function cutWhenSilent(client: pg.Client, answerWithinMs: number): void {
  const ask = client.query.bind(client) as unknown as Ask;
  const inTime: Ask = (config, answer) => {
    // A copy is a stream, whose end nobody tells the timer.
    if (typeof answer !== 'function' || typeof config.text !== 'string') return ask(config, answer);
    ask({ query_timeout: answerWithinMs, ...config } as typeof config, (error, result) => {
      if (error?.message === NO_ANSWER) {
        streamOf(client).destroy();
        client.emit('error', error); // the pool hears of it before it can hand the connection out
      }
      answer(error, result);
    });
  };
  client.query = inTime as unknown as pg.Client['query'];
}

/** Ends a connection in the same case whose statements are asked one by one, each as a promise; its 'end' tells. */
export function endWhenSilent(client: pg.Client, answerWithinMs: number): void {
  const ask = client.query.bind(client) as unknown as (text: string, values?: unknown[]) => Promise<unknown>;
  const inTime = async (text: string, values?: unknown[]): Promise<unknown> => {
    const timer = setTimeout(() => streamOf(client).destroy(), answerWithinMs);
    try {
      return await ask(text, values);
    } finally {
      clearTimeout(timer);
    }
  };
  client.query = inTime as unknown as pg.Client['query'];
}

const streamOf = (client: pg.Client): { destroy(): void } =>
  (client as unknown as { readonly connection: { readonly stream: { destroy(): void } } }).connection.stream;
