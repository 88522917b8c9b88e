import type { Database } from '@bijli/postgres';

/** A run as operators see it, with its counts by measure. */
export interface RunView {
  runId: string;
  threadId: string;
  revision: number;
  kind: string;
  state: string;
  stateReason: string | null;
  plannedAt: Date;
  endedAt: Date | null;
  notAfter: Date;
  traceparent: string | null;
  measures: Readonly<Record<string, number>>;
  audienceSize: number;
}

/** Which runs are asked for. All conditions hold together. */
export interface RunFilter {
  runId?: string;
  threadId?: string;
  state?: string;
  /** Only runs before this one, in order of planning, newest first. */
  beforeRunId?: string;
  limit: number;
}

/** This function will find runs, newest first. Run ids are UUIDv7, so their order is the order of planning. */
export async function findRuns(db: Database, filter: RunFilter): Promise<RunView[]> {
  const query = db('run').orderBy('run_id', 'desc').limit(filter.limit);
  if (filter.runId !== undefined) query.where('run_id', filter.runId);
  if (filter.threadId !== undefined) query.where('thread_id', filter.threadId);
  if (filter.state !== undefined) query.where('state', filter.state);
  if (filter.beforeRunId !== undefined) query.where('run_id', '<', filter.beforeRunId);
  const rows = (await query.select(
    'run_id', 'thread_id', 'revision', 'kind', 'state', 'state_reason', 'planned_at', 'ended_at', 'not_after', 'traceparent', 'audience_size',
    db.raw(`(select coalesce(jsonb_object_agg(m.measure, m.n), '{}')
               from (select measure, sum(n) as n from count_delta d where d.run_id = run.run_id group by measure) m) as measures`),
  )) as RunRow[];
  return rows.map(runView);
}

interface RunRow {
  run_id: string;
  thread_id: string;
  revision: string;
  kind: string;
  state: string;
  state_reason: string | null;
  planned_at: Date;
  ended_at: Date | null;
  not_after: Date;
  traceparent: string | null;
  audience_size: number;
  measures: Record<string, number>;
}

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
