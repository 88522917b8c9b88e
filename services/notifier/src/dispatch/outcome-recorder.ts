import { type Database, withTransaction } from '@bijli/postgres';
import { failpoint, withoutSpans } from '@bijli/service';
import { addCounts, type CountDelta } from '../store/add-counts.ts';
import { chunkKey, heldEpochs } from '../store/held-epochs.ts';
import { type Attempt, recordAttempts } from '../store/record-attempts.ts';
import { type GroupCommit, type GroupCommitOptions, groupCommit } from './group-commit.ts';

/** This function will make the recorder of outcomes: attempts by COPY and count deltas, one transaction per flush (notifier.md, 8). */
export function outcomeRecorder(db: Database, options: GroupCommitOptions): GroupCommit<Attempt> {
  return groupCommit(async (outcomes) => {
    await failpoint('outcomes.before-commit');
    await withoutSpans(() =>
      withTransaction(db, async (tx) => {
        const held = await heldEpochs(tx, distinctChunks(outcomes));
        // What a holder commits after it lost its chunk settles nothing: the next holder calls those messages in doubt.
        const attempts = outcomes.map((attempt) =>
          held.has(chunkKey(attempt)) ? attempt : { ...attempt, settles: null },
        );
        await recordAttempts(tx, attempts);
        await addCounts(tx, countsOf(attempts));
      }),
    );
    await failpoint('outcomes.after-commit');
  }, options);
}

function distinctChunks(attempts: readonly Attempt[]): Attempt[] {
  return [...new Map(attempts.map((attempt) => [chunkKey(attempt), attempt])).values()];
}

function countsOf(attempts: readonly Attempt[]): CountDelta[] {
  const counts = new Map<string, CountDelta>();
  const count = ({ runId, chunkNo }: Attempt, measure: string) => {
    const key = `${runId}/${chunkNo}/${measure}`;
    const delta = counts.get(key) ?? { runId, chunkNo, measure, n: 0 };
    counts.set(key, { ...delta, n: delta.n + 1 });
  };
  for (const attempt of attempts) {
    // A part counts whoever had the chunk: its receipt will be counted too.
    if (attempt.outcome === 'accepted') count(attempt, 'parts-accepted');
    if (attempt.settles !== null) count(attempt, attempt.settles);
  }
  return [...counts.values()];
}
