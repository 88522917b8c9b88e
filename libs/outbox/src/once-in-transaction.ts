import { type Database, type Transaction, withTransaction } from '@bijli/postgres';
import { type Answer, answerOnce, type Once } from './answer-once.ts';

/** An answer of which nothing is kept. */
export type FleetingAnswer = Answer & { readonly contentType?: string };

/** Carries an answer out of a transaction that must not commit: a refusal, what a dry run found. */
export class Undone extends Error {
  readonly answer: FleetingAnswer;

  constructor(answer: FleetingAnswer) {
    super('undone');
    this.name = 'Undone';
    this.answer = answer;
  }
}

/**
 * Does a request's work in one transaction, and answers a repeat of it with the first answer. What `work` throws as `Undone` is answered and
 * not kept: what is refused now (an account not known yet) may be accepted under the same key later.
 */
export async function onceInTransaction(
  db: Database,
  once: Once,
  work: (tx: Transaction) => Promise<Answer>,
): Promise<Answer | FleetingAnswer | 'key-reused'> {
  try {
    return await withTransaction(db, (tx) => answerOnce(tx, once, () => work(tx)));
  } catch (error) {
    if (error instanceof Undone) return error.answer;
    throw error;
  }
}
