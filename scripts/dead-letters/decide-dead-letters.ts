import {
  type DeadLetter,
  type DeadLetterFilter,
  discardDeadLetter,
  listDeadLetters,
  replayDeadLetter,
} from '@bijli/outbox';
import { type Database, withTransaction } from '@bijli/postgres';

/** What somebody decides, and of which; an empty filter means all that wait. */
export type Decision = { action: 'replay' | 'discard'; filter: DeadLetterFilter; who: string; isDryRun: boolean };

/** More than anybody reads; what is left is decided by the next call. */
const most = 10_000;

/** What was decided, or would be; and those that were meant and cannot be replayed. */
export type Decided = { decided: DeadLetter[]; masked: DeadLetter[] };

/**
 * Replays or discards dead letters, each in a transaction of its own, and writes down who decided. What somebody else decided meanwhile is
 * not among the decided.
 */
export async function decideDeadLetters(db: Database, { action, filter, who, isDryRun }: Decision): Promise<Decided> {
  const meant = await listDeadLetters(db, { ...filter, limit: most });
  const masked = action === 'replay' ? meant.filter(({ isMasked }) => isMasked) : [];
  const possible = meant.filter((letter) => !masked.includes(letter));
  if (isDryRun) return { decided: possible, masked };
  const decide = action === 'replay' ? replayDeadLetter : discardDeadLetter;
  const decided: DeadLetter[] = [];
  for (const letter of possible) {
    if (await withTransaction(db, (tx) => decide(tx, letter.id, who))) decided.push(letter);
  }
  return { decided, masked };
}
