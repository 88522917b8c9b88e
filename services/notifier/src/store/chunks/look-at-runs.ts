import { type Database, query } from '@bijli/postgres';

/** Channel on which replicas tell each other that something may not be true any more. A hint: everybody polls as well. */
export const NEWS = 'notifier_news';

/** Whether texts of a run may still leave, and why not. */
export type RunStanding = 'live' | 'superseded' | 'stale';

/** What is true at one instant. */
export type Standing = { readonly isStopped: boolean; readonly runs: ReadonlyMap<string, RunStanding> };

/** Asks where runs stand, and whether sending is stopped. */
export async function lookAtRuns(db: Database, runIds: readonly string[]): Promise<Standing> {
  const rows = await query<{ is_stopped: boolean; run_id: string | null; standing: RunStanding }>(
    db,
    `select s.is_stopped, r.run_id,
            case when r.state <> 'open' then 'superseded' when r.not_after <= now() then 'stale' else 'live' end as standing
       from (select sending_is_stopped() as is_stopped) s
       left join run r on r.run_id = any(:runIds::uuid[])`,
    { runIds },
  );
  return {
    isStopped: rows[0]?.is_stopped ?? true,
    runs: new Map(rows.flatMap(({ run_id, standing }) => (run_id === null ? [] : [[run_id, standing] as const]))),
  };
}
