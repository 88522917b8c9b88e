import { type Database, withTransaction } from '@bijli/postgres';
import { failpoint, withoutSpans } from '@bijli/service';
import { addCounts, type CountDelta } from '../store/add-counts.ts';
import { chunkKey, heldEpochs } from '../store/held-epochs.ts';
import { type Attempt, recordAttempts } from '../store/record-attempts.ts';
import { type GroupCommit, type GroupCommitOptions, groupCommit } from './group-commit.ts';

/** What became of a message, once all its parts have outcomes. Superseded and stale: written ahead, but known not to have left. */
export type MessageOutcome = 'accepted' | 'rejected' | 'in-doubt' | 'superseded' | 'stale';

/** A part's attempt, and with the last part of a message what became of the whole. */
export interface RecordedOutcome {
  attempt: Attempt;
  message: MessageOutcome | null;
}

/** This function will make the recorder of outcomes: attempts by COPY and count deltas, one transaction per flush (notifier.md, 8). */
export function outcomeRecorder(db: Database, options: GroupCommitOptions): GroupCommit<RecordedOutcome> {
  return groupCommit(async (outcomes) => {
    await failpoint('outcomes.before-commit');
    await withoutSpans(() =>
      withTransaction(db, async (tx) => {
        const held = await heldEpochs(tx, distinctChunks(outcomes));
        await recordAttempts(
          tx,
          outcomes.map((outcome) => outcome.attempt),
        );
        // What a holder commits after it lost its chunk is evidence in the ledger, but the next holder has counted it.
        await addCounts(tx, countsOf(outcomes.filter((outcome) => held.has(chunkKey(outcome.attempt)))));
      }),
    );
    await failpoint('outcomes.after-commit');
  }, options);
}

function distinctChunks(outcomes: readonly RecordedOutcome[]): Attempt[] {
  return [...new Map(outcomes.map(({ attempt }) => [chunkKey(attempt), attempt])).values()];
}

function countsOf(outcomes: readonly RecordedOutcome[]): CountDelta[] {
  const counts = new Map<string, CountDelta>();
  const count = ({ runId, chunkNo }: Attempt, measure: string) => {
    const key = `${runId}/${chunkNo}/${measure}`;
    const delta = counts.get(key) ?? { runId, chunkNo, measure, n: 0 };
    counts.set(key, { ...delta, n: delta.n + 1 });
  };
  for (const { attempt, message } of outcomes) {
    if (attempt.outcome === 'accepted') count(attempt, 'parts-accepted');
    if (message !== null) count(attempt, message);
  }
  return [...counts.values()];
}
