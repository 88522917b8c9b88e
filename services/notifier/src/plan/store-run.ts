import type { Transaction } from '@bijli/postgres';
import { istDay } from '@bijli/units';
import { chunkRanges } from '../domain/chunk-ranges.ts';
import type { RunPlan } from '../domain/plan-run.ts';
import { addCounts } from '../store/add-counts.ts';
import { endRun } from '../store/end-run.ts';
import { insertChunks } from '../store/insert-chunks.ts';
import { insertRun } from '../store/insert-run.ts';
import { insertScope } from '../store/insert-scope.ts';
import { insertFirst, measureAudience } from '../store/measure-audience.ts';
import { openDay } from '../store/open-day.ts';
import { sizeRun } from '../store/size-run.ts';
import { supersedeOlderRuns } from '../store/supersede-older-runs.ts';

/** What became of a planned run. */
export type StoredRun =
  | { readonly outcome: 'planned'; readonly runId: string; readonly audienceSize: number; readonly chunks: number }
  | { readonly outcome: 'refused'; readonly runId: string; readonly audienceSize: number }
  | { readonly outcome: 'ended'; readonly runId: string; readonly audienceSize: 0 }
  | { readonly outcome: 'known' };

/** What storing a run needs besides the plan. */
export type StoreRunInput = {
  readonly runId: string;
  readonly nodeIds: readonly string[];
  readonly traceparent: string | null;
  readonly now: Date;
  /** Runs with more contacts than this are refused whole. */
  readonly largestAudience: number;
};

/**
 * Stores a run with its scope and its chunks, and ends the sending of the thread's older runs, inside the caller's
 * transaction. A revision that is known already changes nothing; one that tells nobody has neither scope nor chunks.
 */
export async function storeRun(tx: Transaction, plan: RunPlan, input: StoreRunInput): Promise<StoredRun> {
  const { runId, now } = input;
  const runDay = istDay(now);
  await openDay(tx, runDay);
  if (!(await insertRun(tx, { ...plan, runId, runDay, traceparent: input.traceparent, plannedAt: now })))
    return { outcome: 'known' };
  await supersedeOlderRuns(tx, plan.threadId, plan.revision);
  if (plan.kind === 'ended') {
    await endRun(tx, runId);
    return { outcome: 'ended', runId, audienceSize: 0 };
  }
  await insertScope(tx, runId, input.nodeIds);

  const key = { runId, threadId: plan.threadId, revision: plan.revision, kind: plan.kind };
  const audienceSize = await measureAudience(tx, key);
  const isRefused = audienceSize > input.largestAudience;
  await sizeRun(tx, runId, audienceSize, isRefused);
  if (isRefused) {
    await addCounts(tx, [{ runId, chunkNo: 0, measure: 'skipped:audience-too-large', n: audienceSize }]);
    return { outcome: 'refused', runId, audienceSize };
  }

  const first = await insertFirst(tx, key);
  const ranges = chunkRanges(audienceSize);
  await insertChunks(tx, runId, ranges, first > 0);
  return { outcome: 'planned', runId, audienceSize, chunks: ranges.length + (first > 0 ? 1 : 0) };
}
