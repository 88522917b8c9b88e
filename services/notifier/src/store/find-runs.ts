import type { Database } from '@bijli/postgres';

/** A run as operators see it, with its counts by measure. */
export type RunView = {
  readonly runId: string;
  readonly threadId: string;
  readonly revision: number;
  readonly kind: string;
  readonly state: string;
  readonly stateReason: string | null;
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
  const { rows } = (await db.raw(
    `select r.run_id, r.thread_id, r.revision, r.kind, r.state, r.state_reason, r.planned_at, r.ended_at, r.not_after,
            r.traceparent, r.audience_size,
            (select coalesce(jsonb_object_agg(m.measure, m.n), '{}')
               from (select d.measure, sum(d.n) as n from count_delta d where d.run_id = r.run_id group by d.measure) m) as measures
       from run r
      where (cast(:runId as uuid) is null or r.run_id = :runId)
        and (cast(:threadId as text) is null or r.thread_id = :threadId)
        and (cast(:kind as text) is null or r.kind = :kind)
        and (cast(:state as text) is null or r.state = :state)
        and (cast(:beforeRunId as uuid) is null or r.run_id < :beforeRunId)
      order by r.run_id desc
      limit :limit`,
    {
      runId: filter.runId ?? null,
      threadId: filter.threadId ?? null,
      kind: filter.kind ?? null,
      state: filter.state ?? null,
      beforeRunId: filter.beforeRunId ?? null,
      limit: filter.limit,
    },
  )) as { rows: RunRow[] };
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
  readonly measures: Record<string, number>;
};

function runView(row: RunRow): RunView {
  return {
    runId: row.run_id,
    threadId: row.thread_id,
    revision: Number(row.revision),
    kind: row.kind,
    state: row.state,
    stateReason: row.state_reason,
    plannedAt: row.planned_at,
    endedAt: row.ended_at,
    notAfter: row.not_after,
    traceparent: row.traceparent,
    audienceSize: row.audience_size,
    measures: row.measures,
  };
}
