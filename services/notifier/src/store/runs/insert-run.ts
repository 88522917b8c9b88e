import { execute, type Transaction } from '@bijli/postgres';
import type { PersonalKind } from '../../domain/personal-message.ts';
import type { OutageFacts, RunKind, RunPlan } from '../../domain/plan-run.ts';
import type { OutageNodes } from '../outages/keep-outage.ts';

/** A run as it is first stored. */
export type NewRun = Omit<RunPlan, 'kind' | 'facts'> & {
  readonly kind: RunKind | PersonalKind;
  /** Null where every message has its own. */
  readonly facts: OutageFacts | null;
  readonly runId: string;
  /** Civil date in India, the partition of everything the run writes. */
  readonly runDay: string;
  /** What it tells of; none where every message names its connection. */
  readonly scope: OutageNodes;
  /** Whether it may speak to people who were told nothing of its outage. */
  readonly hasUntold: boolean;
  readonly traceparent: string | null;
  readonly plannedAt: Date;
};

/**
 * Stores a run whose audience is not yet measured, unless its thread already has this revision or a
 * newer one. Inside the caller's transaction.
 * @returns whether the run is new.
 */
export async function insertRun(tx: Transaction, run: NewRun): Promise<boolean> {
  const isOutage = run.facts !== null;
  const written = await execute(
    tx,
    `insert into run (run_id, thread_id, revision, kind, run_day, state, state_reason, lane, facts, not_after,
                      audience_size, traceparent, planned_at, node_ids, own_node_ids, is_live, has_untold)
     select :runId::uuid, :threadId, :revision::bigint, :kind, :runDay::date, :state, :stateReason, :lane::smallint, :facts::jsonb,
            :notAfter::timestamptz, 0, :traceparent, :plannedAt::timestamptz, :nodeIds::text[], :ownNodeIds::text[], :isOutage::bool, :hasUntold::bool
      where not exists (select from run r where r.thread_id = :threadId and r.revision >= :revision::bigint)
     on conflict (thread_id, revision) do nothing`,
    {
      runId: run.runId,
      threadId: run.threadId,
      revision: run.revision,
      kind: run.kind,
      runDay: run.runDay,
      state: run.isHeld ? 'held' : 'open',
      stateReason: reasonOf(run),
      lane: run.lane,
      facts: JSON.stringify(run.facts),
      notAfter: run.notAfter,
      traceparent: run.traceparent,
      plannedAt: run.plannedAt,
      nodeIds: run.scope.nodeIds,
      ownNodeIds: run.scope.ownNodeIds,
      isOutage,
      hasUntold: run.hasUntold,
    },
  );
  return written === 1;
}

function reasonOf({ isHeld, kind }: NewRun): string | null {
  if (isHeld) return 'heard-too-late';
  return kind === 'ended' ? 'nothing-to-tell' : null;
}
