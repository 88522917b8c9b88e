import type { Transaction } from '@bijli/postgres';
import { istDay } from '@bijli/units';
import { chunkRanges } from '../domain/chunk-ranges.ts';
import type { OutageState } from '../domain/outage-state.ts';
import type { RunKind, RunPlan } from '../domain/plan-run.ts';
import { lockAudience } from '../store/audience/note-arrivals.ts';
import { addCounts } from '../store/messages/add-counts.ts';
import { keepOutage, type OutageNodes } from '../store/outages/keep-outage.ts';
import { endRun } from '../store/runs/end-run.ts';
import { insertChunks } from '../store/runs/insert-chunks.ts';
import { insertRun } from '../store/runs/insert-run.ts';
import { insertFirst, measureScope, sizeRun } from '../store/runs/measure-scope.ts';
import { noteClaims, noteWaits } from '../store/runs/note-waits.ts';
import { openDay } from '../store/runs/open-day.ts';
import { supersedeOlderRuns } from '../store/runs/supersede-older-runs.ts';

/** What became of a planned run. */
export type StoredRun =
  | {
      readonly outcome: 'planned';
      readonly runId: string;
      readonly audienceSize: number;
      readonly chunks: number;
      readonly isMass: boolean;
    }
  | { readonly outcome: 'refused'; readonly runId: string; readonly audienceSize: number }
  | { readonly outcome: 'ended'; readonly runId: string; readonly audienceSize: 0 }
  | { readonly outcome: 'known' };

/** What storing a run needs besides the plan. */
export type StoreRunInput = {
  readonly runId: string;
  readonly outage: OutageState;
  readonly traceparent: string | null;
  readonly now: Date;
  /** Runs with more contacts than this are refused whole. */
  readonly largestAudience: number;
  /** Runs with more contacts than this are held until two people let them go. */
  readonly confirmAbove: number;
};

/**
 * Keeps the state of an outage, stores the run that tells it with its chunks, and ends the sending of the thread's older runs, inside the
 * caller's transaction. The run speaks to whom the state names, whom the state before named, and whom older runs had still to tell. A revision
 * that is known already changes nothing; one that tells nobody has neither scope nor chunks.
 */
export async function storeRun(tx: Transaction, plan: RunPlan, input: StoreRunInput): Promise<StoredRun> {
  const { runId, outage, now } = input;
  const runDay = istDay(now);
  await openDay(tx, runDay);
  await lockAudience(tx);
  const before = await keepOutage(tx, outage, now);
  if (before === null) return { outcome: 'known' };
  const superseded = await supersedeOlderRuns(tx, plan.threadId, plan.revision);
  const scope = together([outage, before, superseded]);
  const hasUntold = mayHaveUntold(plan.kind, { outage, before, superseded });
  const run = { ...plan, runId, runDay, scope, hasUntold, traceparent: input.traceparent, plannedAt: now };
  if (!(await insertRun(tx, run))) return { outcome: 'known' };
  if (plan.kind === 'ended') {
    await endRun(tx, runId);
    return { outcome: 'ended', runId, audienceSize: 0 };
  }

  const audienceSize = await measureScope(tx, scope);
  const isRefused = audienceSize > input.largestAudience;
  const isMass = audienceSize > input.confirmAbove && !plan.isHeld;
  await sizeRun(tx, runId, audienceSize, isRefused ? 'refused' : isMass ? 'held' : 'as-planned');
  if (isRefused) {
    await addCounts(tx, [{ runDay, runId, chunkNo: 0, measure: 'skipped:audience-too-large', n: audienceSize }]);
    return { outcome: 'refused', runId, audienceSize };
  }
  const first = await insertFirst(tx, runId, scope);
  const ranges = chunkRanges(audienceSize);
  await insertChunks(tx, runId, ranges, first > 0);
  if (outage.isOff) await noteWaits(tx, runId, plan.threadId, { ...scope, audienceSize });
  await noteClaims(tx, runId, plan.threadId, outage.outageId);
  return { outcome: 'planned', runId, audienceSize, chunks: ranges.length + (first > 0 ? 1 : 0), isMass };
}

/** Whom an older run had still to tell, or whom the outage did not name before; what is over or back is no first news to anybody. */
function mayHaveUntold(
  kind: RunKind,
  { outage, before, superseded }: Record<'outage' | 'before' | 'superseded', OutageNodes>,
): boolean {
  if (kind === 'restored' || kind === 'cancelled' || kind === 'ended') return false;
  const unfinished = superseded.nodeIds.length + superseded.ownNodeIds.length > 0;
  const known = new Set(before.nodeIds);
  const knownOwn = new Set(before.ownNodeIds);
  return unfinished || outage.nodeIds.some((id) => !known.has(id)) || outage.ownNodeIds.some((id) => !knownOwn.has(id));
}

function together(scopes: readonly OutageNodes[]): OutageNodes {
  return {
    nodeIds: [...new Set(scopes.flatMap(({ nodeIds }) => nodeIds))],
    ownNodeIds: [...new Set(scopes.flatMap(({ ownNodeIds }) => ownNodeIds))],
  };
}
