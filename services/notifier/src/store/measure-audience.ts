import type { Transaction } from '@bijli/postgres';
import type { ToldRunKind } from '../domain/plan-run.ts';
import { TOLD } from './told.ts';

/** The audience of a run, as stored SQL sees it: from the scope, or, at the end of an outage, from those who were told. */
export type RunKey = {
  readonly runId: string;
  readonly threadId: string;
  readonly revision: number;
  readonly kind: ToldRunKind;
};

/** Counts the contacts that a run concerns, inside the caller's transaction. */
export async function measureAudience(tx: Transaction, run: RunKey): Promise<number> {
  const { rows } = (await tx.raw(
    run.kind === 'restored'
      ? `select cast(count(*) as int) as n from (select distinct connection_id, contact_no, mobile_index from (${TOLD}) told) t`
      : `select cast(count(*) as int) as n from run_scope s join audience a on a.node_id = s.node_id where s.run_id = :runId`,
    bindingsOf(run),
  )) as { rows: { n: number }[] };
  return rows[0]?.n ?? 0;
}

/** Stores the mobiles that hear first, and answers how many there are. Inside the caller's transaction. */
export async function insertFirst(tx: Transaction, run: RunKey): Promise<number> {
  const { rowCount } = (await tx.raw(
    run.kind === 'restored'
      ? `insert into run_first (run_id, mobile_index)
         select distinct cast(:runId as uuid), mobile_index from (${TOLD}) told where is_critical`
      : `insert into run_first (run_id, mobile_index)
         select distinct cast(:runId as uuid), a.mobile_index
           from run_scope s join audience a on a.node_id = s.node_id
          where s.run_id = :runId and a.is_critical`,
    bindingsOf(run),
  )) as { rowCount: number };
  return rowCount;
}

function bindingsOf(run: RunKey): Record<string, string | number> {
  return run.kind === 'restored'
    ? { runId: run.runId, threadId: run.threadId, revision: run.revision }
    : { runId: run.runId };
}
