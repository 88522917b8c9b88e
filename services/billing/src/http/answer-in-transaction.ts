import { type Once, onceInTransaction } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { keyReused, type Reply } from '@bijli/service';
import type { HttpContext } from './context.ts';

/** What a request comes to, and what is logged of it once it is committed. */
export type Done = { readonly reply: Reply; readonly happened: readonly object[] };

/** This function will do a request's work in one transaction, once per `Idempotency-Key`, and log what happened once it is committed. */
export async function answerInTransaction(
  { db, log }: Pick<HttpContext, 'db' | 'log'>,
  once: Once,
  work: (tx: Transaction) => Promise<Done>,
): Promise<Reply> {
  let happened: readonly object[] = [];
  const answer = await onceInTransaction(db, once, async (tx) => {
    const done = await work(tx);
    happened = done.happened;
    return done.reply;
  });
  for (const each of happened) log.info(each, 'account events');
  return answer === 'key-reused' ? keyReused() : answer;
}
