import type pg from 'pg';

// With ledger-history.ts the only file of the bench that knows the notifier's tables (services/notifier/schema.sql).

/** What PostgreSQL says of a run: who has a text of their own, how many of those were accepted, and of how many parts a receipt is committed. */
export type Proof = {
  readonly carriers: number;
  readonly accepted: number;
  readonly withReceipt: number;
  /** Receipts that are committed and not matched yet, of whatever run. */
  readonly unmatched: number;
};

/** Counts distinct texts, message by message. */
export async function proofOf(notifier: pg.Client, runId: string): Promise<Proof> {
  const { rows } = await notifier.query<Proof>(
    `with r as (select run_id, run_day from run where run_id = $1)
     select (select count(*)::int from ledger l join r using (run_day, run_id) where l.fate = 'carrier') as carriers,
            (select count(*)::int from (
               select p.chunk_no, s.seq from accepted_pack p join r using (run_day, run_id) cross join unnest(p.seqs) as s (seq)
                union select m.chunk_no, m.seq from message_state m join r using (run_day, run_id) where m.state = 'accepted') each) as accepted,
            (select count(*)::int from (
               select distinct p.chunk_no, s.seq from receipt_pack p join r using (run_day, run_id) cross join unnest(p.seqs) as s (seq)) each)
              as "withReceipt",
            (select count(*)::int from orphan_receipt where given_up_at is null) as unmatched`,
    [runId],
  );
  const [proof] = rows;
  if (proof === undefined) throw new Error('PostgreSQL answered nothing');
  return proof;
}

/** How far a run is, by its counts: parts accepted, and parts of which a receipt is committed, matched or not. */
export async function progressOf(
  notifier: pg.Client,
  outageId: string,
  revision: number,
): Promise<{ runId: string; isEnded: boolean; accepted: number; receipts: number } | null> {
  const { rows } = await notifier.query<{ runId: string; isEnded: boolean; accepted: number; receipts: number }>(
    `select r.run_id as "runId", r.ended_at is not null as "isEnded",
            coalesce((r.counts ->> 'parts-accepted')::int, 0) + c.accepted as accepted,
            coalesce((r.counts ->> 'receipts-delivered')::int, 0) + c.receipts
              + (select count(*)::int from orphan_receipt where given_up_at is null) as receipts
       from run r
       cross join lateral (
         select coalesce(sum(n) filter (where measure = 'parts-accepted'), 0)::int as accepted,
                coalesce(sum(n) filter (where measure = 'receipts-delivered'), 0)::int as receipts
           from count_change d where d.run_day = r.run_day and d.run_id = r.run_id) c
      where r.thread_id = 'outage:' || $1 and r.revision = $2`,
    [outageId, revision],
  );
  return rows[0] ?? null;
}

/** Copies the carriers of a run, in the order of their mobiles, as the ceiling will insert them. */
export async function copyCarriers(notifier: pg.Client, runId: string): Promise<number> {
  await notifier.query('drop table if exists bench_source');
  const { rowCount } = await notifier.query(
    `create unlogged table bench_source as select * from ledger where run_id = '${runId}' and fate = 'carrier' order by mobile_index`,
  );
  await notifier.query('vacuum analyze bench_source');
  return rowCount ?? 0;
}

/** Makes an empty table with the columns, constraints and indexes that the running ledger has. */
export async function makeBareLedger(notifier: pg.Client): Promise<void> {
  await notifier.query('drop table if exists bench_ledger');
  await notifier.query('create table bench_ledger (like ledger including all)');
}

/** The one statement of the ceiling. */
export async function insertBare(notifier: pg.Client): Promise<number> {
  const { rowCount } = await notifier.query('insert into bench_ledger select * from bench_source');
  return rowCount ?? 0;
}

export const [EXPAND, OUTCOMES, COMMITS, REST] = ['expand', 'outcomes and receipts', 'commits', 'the rest'] as const;

/** Statements of the notifier by the stage that they belong to; the first that fits. */
const STAGES: readonly (readonly [stage: string, statement: string])[] = [
  [COMMITS, '^\\s*(begin|commit|rollback|start transaction)'],
  [EXPAND, 'insert into ledger|^\\s*with scope as materialized'],
  [OUTCOMES, '(accepted_pack|message_state|receipt_pack|chunk_end|orphan_receipt)'],
];

/** Writes the SQL that tells the stage of a statement from its text, which stands in a column. */
export function stageOfStatement(column: string): string {
  const stages = STAGES.map(([stage, statement]) => `when ${column} ~* '${statement}' then '${stage}'`).join(' ');
  return `case ${stages} else '${REST}' end`;
}

/** Seconds of statement time by stage since `countStatements` began to count; they include waiting. */
export async function statementSeconds(admin: pg.Client): Promise<ReadonlyMap<string, number>> {
  const { rows } = await admin.query<{ stage: string; seconds: number }>(
    `select ${stageOfStatement('s.query')} as stage, sum(s.total_exec_time) / 1000 as seconds
       from pg_stat_statements s join pg_database d on d.oid = s.dbid where d.datname = 'notifier' and s.toplevel group by 1`,
  );
  return new Map(rows.map(({ stage, seconds }) => [stage, seconds]));
}

/** Contacts that a run has in the ledger, told and skipped. */
export async function contactsOf(notifier: pg.Client, runId: string): Promise<number> {
  const { rows } = await notifier.query<{ n: number }>(
    'select count(*)::integer as n from ledger l join run r using (run_day, run_id) where r.run_id = $1',
    [runId],
  );
  return rows[0]?.n ?? 0;
}

/** Bills planned since a moment. */
export async function plannedBills(notifier: pg.Client, since: Date): Promise<number> {
  const { rows } = await notifier.query<{ n: number }>(
    `select coalesce(sum(audience_size), 0)::integer as n from run where kind = 'bill' and planned_at >= $1`,
    [since],
  );
  return rows[0]?.n ?? 0;
}

/** The paise that the ledger's rows tell, by bill, for bills whose number begins so. */
export async function amountsTold(notifier: pg.Client, beginning: string): Promise<Map<string, number>> {
  const { rows } = await notifier.query<{ reference: string; paise: string }>(
    `select reference, payload ->> 'amountPaise' as paise from ledger where subject = 'bill' and starts_with(reference, $1)`,
    [beginning],
  );
  return new Map(rows.map(({ reference, paise }) => [reference, Number(paise)]));
}

/** When the first text of each outage's present run was recorded as accepted. An outage without texts has none. */
export async function firstAccepted(
  notifier: pg.Client,
  outages: readonly { readonly id: string; readonly version: number }[],
): Promise<Map<string, Date>> {
  const { rows } = await notifier.query<{ id: string; at: Date | null }>(
    `select o.id, (select min(p.recorded_at) from accepted_pack p where p.run_day = r.run_day and p.run_id = r.run_id) as at
       from unnest($1::text[], $2::bigint[]) as o (id, version)
       join run r on r.thread_id = 'outage:' || o.id and r.revision = o.version`,
    [outages.map(({ id }) => id), outages.map(({ version }) => version)],
  );
  return new Map(rows.flatMap(({ id, at }) => (at === null ? [] : [[id, at] as const])));
}

/** When the notifier heard of each version of each outage, milliseconds since 1970: what it says since then is what it knew. */
export async function heardAt(notifier: pg.Client): Promise<ReadonlyMap<string, number>> {
  const { rows } = await notifier.query<{ threadId: string; revision: string; at: Date }>(
    `select thread_id as "threadId", revision, planned_at as at from run where starts_with(thread_id, 'outage:')`,
  );
  return new Map(rows.map(({ threadId, revision, at }) => [`${threadId}/${revision}`, at.getTime()]));
}

/** The thread of the run that each id of the SMSC was recorded for: of first sends, and of others. */
export async function threadsOfIds(notifier: pg.Client): Promise<ReadonlyMap<string, string>> {
  const { rows } = await notifier.query<{ id: string; thread: string }>(
    `select i.id, r.thread_id as thread
       from (select run_id, unnest(message_ids) as id from accepted_pack
              union all select run_id, unnest(message_ids) from message_state where state = 'accepted') i
       join run r using (run_id)`,
  );
  return new Map(rows.map(({ id, thread }) => [id, thread]));
}

/** How many runs of outages have not ended. */
export async function openOutageRuns(notifier: pg.Client): Promise<number> {
  const { rows } = await notifier.query<{ n: number }>(
    `select count(*)::integer as n from run where starts_with(thread_id, 'outage:') and ended_at is null`,
  );
  return rows[0]?.n ?? 0;
}
