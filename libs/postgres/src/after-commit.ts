import type { Transaction } from './open-database.ts';

/** Does something when a transaction has committed, and nothing when it was rolled back: for what is told of it, which must not fail. */
export function afterCommit(tx: Transaction, work: () => void): void {
  void tx.executionPromise.then(work, () => undefined);
}
