import { answerOnce, type Once } from '@bijli/idempotency';
import type { Transaction } from '@bijli/postgres';
import { keyReused, type Reply } from '@bijli/service';
import type { HttpContext } from './context.ts';

/** What a request comes to, whether it is kept, and what is then logged of it. */
export type Done =
  | { readonly isKept: true; readonly reply: Reply; readonly happened: readonly object[] }
  | { readonly isKept: false; readonly reply: Reply };

/** Does a request's work in one transaction, once per `Idempotency-Key`, and logs what happened once it is committed. */
export async function answerInTransaction(
  { db, log }: Pick<HttpContext, 'db' | 'log'>,
  once: Once,
  work: (tx: Transaction) => Promise<Done>,
): Promise<Reply> {
  let happened: readonly object[] = [];
  const answer = await answerOnce(db, once, async (tx) => {
    const done = await work(tx);
    if (done.isKept) happened = done.happened;
    return { isKept: done.isKept, answer: done.reply };
  });
  for (const each of happened) log.info(each, 'account events');
  return answer === 'key-reused' ? keyReused() : answer;
}
