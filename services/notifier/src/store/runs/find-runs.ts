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
  const rows = await query<RunRow>(
    db,
    `select r.run_id, r.thread_id, r.revision, r.kind, r.state, r.state_reason, r.planned_at, r.ended_at, r.not_after,
            r.traceparent, r.audience_size, r.counts,
            to_char(r.run_day, 'YYYY-MM-DD') as run_day,
            (select coalesce(jsonb_agg(jsonb_build_object('kind', k.kind, 'askedBy', k.asked_by, 'reason', k.reason, 'askedAt', k.asked_at)
                                       order by k.ask_id), '[]')
               from run_ask k where k.run_id = r.run_id and k.confirmed_at is null and r.ended_at is null) as asked
       from run r
      where (:runId::uuid is null or r.run_id = :runId)
        and (:threadId::text is null or r.thread_id = :threadId)
        and (:kind::text is null or r.kind = :kind)
        and (:state::text is null or r.state = :state)
        and (:beforeRunId::uuid is null or r.run_id < :beforeRunId)
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
  );
  if (rows.length === 0) return [];
  const changes = await findChanges(db, rows);
  return rows.map((row) => runView(row, changes.get(row.run_id) ?? {}));
}

/** What is not folded into the counts of runs yet. By the days as values: the planner leaves all other partitions alone. */
async function findChanges(
  db: Database,
  runs: readonly RunRow[],
): Promise<ReadonlyMap<string, Record<string, number>>> {
  const rows = await query<{ run_id: string; changes: Record<string, number> }>(
    db,
    `select run_id, jsonb_object_agg(measure, n) as changes
       from (select run_id, measure, sum(n) as n from count_change
              where run_day = any(:runDays::date[]) and run_id = any(:runIds::uuid[]) group by 1, 2) m
      group by run_id`,
    { runDays: [...new Set(runs.map((run) => run.run_day))], runIds: runs.map((run) => run.run_id) },
  );
  return new Map(rows.map(({ run_id, changes }) => [run_id, changes]));
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
  readonly run_day: string;
};

function runView(row: RunRow, changes: Record<string, number>): RunView {
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
    measures: summed(row.counts, changes),
  };
}

function summed(counts: Record<string, number>, changes: Record<string, number>): Record<string, number> {
  const sum = { ...counts };
  for (const [measure, n] of Object.entries(changes)) sum[measure] = (sum[measure] ?? 0) + n;
  return sum;
}
