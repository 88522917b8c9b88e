import { type Database, query } from '@bijli/postgres';
import type { RunAsk } from '../../domain/run-ask.ts';

/** A run as operators see it, with its counts by measure. */
export type RunView = {
  readonly runId: string;
  readonly threadId: string;
  readonly revision: number;
  readonly kind: string;
  readonly state: string;
  readonly stateReason: string | null;
  readonly asked: readonly RunAsk[];
  readonly plannedAt: Date;
  readonly endedAt: Date | null;
  readonly notAfter: Date;
  readonly traceparent: string | null;
  readonly measures: Readonly<Record<string, number>>;
  readonly audienceSize: number;
};

/** Which runs are asked for. All conditions hold together. */
export type RunFilter = {
  readonly runId?: string;
  readonly threadId?: string;
  readonly kind?: string;
  readonly state?: string;
  /** Only runs before this one, in order of planning, newest first. */
  readonly beforeRunId?: string;
  readonly limit: number;
};

/** Finds runs, newest first. Run ids are UUIDv7, so their order is the order of planning. */
export async function findRuns(db: Database, filter: RunFilter): Promise<RunView[]> {
  const found = await query<{ run_id: string; run_day: string }>(
    db,
    `select run_id, to_char(run_day, 'YYYY-MM-DD') as run_day
       from run
      where (:runId::uuid is null or run_id = :runId)
        and (:threadId::text is null or thread_id = :threadId)
        and (:kind::text is null or kind = :kind)
        and (:state::text is null or state = :state)
        and (:beforeRunId::uuid is null or run_id < :beforeRunId)
      order by run_id desc
      limit :limit`,
    {
      runId: filter.runId ?? null,
      threadId: filter.threadId ?? null,
      kind: filter.kind ?? null,
      state: filter.state ?? null,
      beforeRunId: filter.beforeRunId ?? null,
      limit: filter.limit,
    },
  );
  if (found.length === 0) return [];
  // The counts and what is not folded into them yet at one instant; the days as values, so that the planner leaves all other partitions alone.
  const rows = await query<RunRow>(
    db,
    `select r.run_id, r.thread_id, r.revision, r.kind, r.state, r.state_reason, r.planned_at, r.ended_at, r.not_after,
            r.traceparent, r.audience_size, r.counts,
            (select coalesce(jsonb_object_agg(m.measure, m.n), '{}')
               from (select d.measure, sum(d.n) as n from count_change d
                      where d.run_day = any(:runDays::date[]) and d.run_day = r.run_day and d.run_id = r.run_id group by d.measure) m) as changes,
            (select coalesce(jsonb_agg(jsonb_build_object('kind', k.kind, 'askedBy', k.asked_by, 'reason', k.reason, 'askedAt', k.asked_at)
                                       order by k.ask_id), '[]')
               from run_ask k where k.run_id = r.run_id and k.confirmed_at is null and r.ended_at is null) as asked
       from run r
      where r.run_id = any(:runIds::uuid[])
      order by r.run_id desc`,
    { runIds: found.map(({ run_id }) => run_id), runDays: [...new Set(found.map(({ run_day }) => run_day))] },
  );
  return rows.map(runView);
}

type RunRow = {
  readonly run_id: string;
  readonly thread_id: string;
  readonly revision: string;
  readonly kind: string;
  readonly state: string;
  readonly state_reason: string | null;
  readonly planned_at: Date;
  readonly ended_at: Date | null;
  readonly not_after: Date;
  readonly traceparent: string | null;
  readonly audience_size: number;
  readonly asked: (Omit<RunAsk, 'askedAt'> & { readonly askedAt: string })[];
  readonly counts: Record<string, number>;
  readonly changes: Record<string, number>;
};

function runView(row: RunRow): RunView {
  return {
    runId: row.run_id,
    threadId: row.thread_id,
    revision: Number(row.revision),
    kind: row.kind,
    state: row.state,
    stateReason: row.state_reason,
    asked: row.asked.map((ask) => ({ ...ask, askedAt: new Date(ask.askedAt) })),
    plannedAt: row.planned_at,
    endedAt: row.ended_at,
    notAfter: row.not_after,
    traceparent: row.traceparent,
    audienceSize: row.audience_size,
    measures: summed(row.counts, row.changes),
  };
}

function summed(counts: Record<string, number>, changes: Record<string, number>): Record<string, number> {
  const sum = { ...counts };
  for (const [measure, n] of Object.entries(changes)) sum[measure] = (sum[measure] ?? 0) + n;
  return sum;
}
