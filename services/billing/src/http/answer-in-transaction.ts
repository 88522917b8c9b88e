import { type Answer, answerOnce } from '@bijli/outbox';
import { type Transaction, withTransaction } from '@bijli/postgres';
import { problem, type Reply } from '@bijli/service';
import type { HttpContext } from './context.ts';

/** Which answer is meant by an `Idempotency-Key`; `request` is what must be equal for a repeat. */
export type Once = {
  readonly operation: string;
  readonly idempotencyKey: string | undefined;
  readonly request: unknown;
};
/** What a request comes to, and what is logged of it once it is committed. */
export type Done = { readonly reply: Reply; readonly happened: readonly object[] };

/** Carries an answer out of a transaction that must not commit: a refusal, a dry run. */
export class Undone extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super('undone');
    this.reply = reply;
  }
}

const KEY_REUSED = {
  field: '/headers/idempotency-key',
  rule: 'key-reused',
  detail: 'Use a new key for another request',
} as const;

/**
 * This function will do a request's work in one transaction, answer a repeat of it with the first answer, and log what happened once it is
 * committed. A refusal is not kept: what is refused now (an account not known yet) may be accepted under the same key later.
 */
export async function answerInTransaction(
  { db, log }: Pick<HttpContext, 'db' | 'log'>,
  once: Once,
  work: (tx: Transaction) => Promise<Done>,
): Promise<Reply> {
  let happened: readonly object[] = [];
  const answer = async (tx: Transaction): Promise<Answer> => {
    const done = await work(tx);
    happened = done.happened;
    return { status: done.reply.status, body: done.reply.body, headers: { ...done.reply.headers } };
  };
  try {
    const answered = await withTransaction(db, (tx) => answerOnce(tx, once, () => answer(tx)));
    for (const each of happened) log.info(each, 'account events');
    return answered === 'key-reused'
      ? problem(422, 'key-reused', 'This Idempotency-Key was used with another request', { errors: [KEY_REUSED] })
      : answered;
  } catch (error) {
    if (error instanceof Undone) return error.reply;
    throw error;
  }
}
