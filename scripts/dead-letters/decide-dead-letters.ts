import { type DeadLetter, discardDeadLetter, listDeadLetters, replayDeadLetter } from '@bijli/outbox';
import { type Database, withTransaction } from '@bijli/postgres';

/** What somebody decides. Without an id it is meant for all that wait. */
export type Decision = { action: 'replay' | 'discard'; id: string | null; who: string; isDryRun: boolean };

/** More than anybody reads; what is left is decided by the next call. */
const most = 10_000;

/** Reads the dead letters that wait, oldest first. */
export const readDeadLetters = (db: Database): Promise<DeadLetter[]> => listDeadLetters(db, { limit: most });

/**
 * Replays or discards dead letters, each in a transaction of its own, and writes down who decided. Answers those that were decided, or
 * that would be; what somebody else decided meanwhile is not among them.
 */
export async function decideDeadLetters(db: Database, { action, id, who, isDryRun }: Decision): Promise<DeadLetter[]> {
  const meant = (await readDeadLetters(db)).filter((letter) => id === null || letter.id === id);
  if (isDryRun) return meant;
  const decide = action === 'replay' ? replayDeadLetter : discardDeadLetter;
  const decided: DeadLetter[] = [];
  for (const letter of meant) {
    if (await withTransaction(db, (tx) => decide(tx, letter.id, who))) decided.push(letter);
  }
  return decided;
}
