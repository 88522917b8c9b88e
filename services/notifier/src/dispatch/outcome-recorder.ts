import { type Database, isDataError, withTransaction } from '@bijli/postgres';
import { failpoint } from '@bijli/service';
import { withoutSpans } from '@bijli/tracing';
import { addCounts, type CountDelta } from '../store/add-counts.ts';
import { chunkKey, heldEpochs } from '../store/held-epochs.ts';
import { openDay } from '../store/open-day.ts';
import { type ParkedItem, parkItem } from '../store/park-item.ts';
import { type Attempt, recordAttempts } from '../store/record-attempts.ts';
import { type GroupCommit, groupCommit, type Retrying } from './group-commit.ts';

/** How a recorder tells what it puts aside. */
export type Recording = Retrying & {
  readonly onParked: (kind: ParkedItem['kind'], error: unknown) => void;
};

/**
 * Makes the recorder of outcomes: attempts by COPY and count deltas, one transaction per flush. An outcome that
 * cannot be stored as it is settles its message all the same, without the words of the provider, which are parked. When that
 * is refused too, it is parked all the same and its message stays without an outcome.
 */
export function outcomeRecorder(db: Database, { onParked, ...retrying }: Recording): GroupCommit<Attempt> {
  return groupCommit({
    ...retrying,
    flush: async (outcomes) => {
      await failpoint('outcomes.before-commit');
      await commit(db, outcomes);
      await failpoint('outcomes.after-commit');
    },
    park: async (outcome, error) => {
      const parked = { kind: 'outcome', error, item: { ...outcome } } as const;
      try {
        await commit(db, [{ ...outcome, smppStatus: null, providerMessageId: null }], parked);
      } catch (refusal) {
        if (!isDataError(refusal)) throw refusal;
        await withoutSpans(() => withTransaction(db, (tx) => parkItem(tx, parked)));
      }
      onParked('outcome', error);
    },
  });
}

function commit(db: Database, outcomes: readonly Attempt[], parked?: ParkedItem): Promise<void> {
  return withoutSpans(async () => {
    // A run may go on for longer than its day's partition is kept.
    for (const day of new Set(outcomes.map(({ runDay }) => runDay))) await openDay(db, day);
    await withTransaction(db, async (tx) => {
      const held = await heldEpochs(tx, distinctChunks(outcomes));
      // What a holder commits after it lost its chunk settles nothing: the next holder calls those messages in doubt.
      const attempts = outcomes.map((attempt) =>
        held.has(chunkKey(attempt)) ? attempt : { ...attempt, settles: null },
      );
      await recordAttempts(tx, attempts);
      await addCounts(tx, countsOf(attempts));
      if (parked !== undefined) await parkItem(tx, parked);
    });
  });
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
