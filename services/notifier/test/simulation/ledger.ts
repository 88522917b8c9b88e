import { type Database, query } from '@bijli/postgres';

/**
 * Where each contact of each run ended, by the rows: what its carrier came to for a carrier, folded as domain/message-states.ts does, and what
 * the expansion said of all others. The counts of the runs are compared with it.
 */
const WHAT_BECAME = `
  with latest as (
    select distinct on (m.run_id, m.chunk_no, m.seq) m.run_id, m.chunk_no, m.seq, m.state
      from message_state m
     order by m.run_id, m.chunk_no, m.seq, m.state = 'accepted' desc, m.send_no desc,
           array_position(array['underway', 'ambiguous', 'in-doubt', 'returned', 'deferred', 'blocked', 'superseded', 'stale',
                                'unrenderable', 'rejected', 'accepted'], m.state) desc),
  packed as (select p.run_id, p.chunk_no, unnest(p.seqs) as seq from accepted_pack p),
  became as (
    select l.run_id, case
             when l.fate = 'skipped' then 'skipped:' || l.reason
             when l.fate = 'coalesced' then 'coalesced'
             when exists (select from packed p where p.run_id = l.run_id and p.chunk_no = l.chunk_no and p.seq = l.seq) then 'accepted'
             else coalesce((select case t.state when 'ambiguous' then 'in-doubt' else t.state end from latest t
                             where t.run_id = l.run_id and t.chunk_no = l.chunk_no and t.seq = l.seq),
                           -- What was withdrawn, for whatever reason, is counted so.
                           (select 'superseded' from withdrawn_message w where w.run_id = l.run_id and w.chunk_no = l.chunk_no and w.seq = l.seq),
                           case when l.seq > c.cursor and r.state = 'superseded' then 'superseded' else 'nothing' end) end as measure
      from ledger l join chunk c on c.run_id = l.run_id and c.chunk_no = l.chunk_no join run r on r.run_id = l.run_id),
  rows as (select run_id, measure, count(*) as n from became group by 1, 2),
  counts as (
    select run_id, measure, sum(n) as n
      from (select run_id, key as measure, value::bigint as n from run cross join jsonb_each_text(counts)
             union all select run_id, measure, n from count_change) added
     where measure in ('accepted', 'coalesced', 'in-doubt', 'rejected', 'superseded', 'stale', 'unrenderable')
        or measure like 'skipped:%'
     group by 1, 2)
  select r.revision::text as revision, measure, coalesce(rows.n, 0)::int as rows, coalesce(counts.n, 0)::int as counts
    from rows full join counts using (run_id, measure) join run r using (run_id)
   where coalesce(rows.n, 0) <> coalesce(counts.n, 0)`;

/** Of one chunk, a text to somebody who was told before, ahead of one to somebody whom no chunk that was expanded earlier told anything. */
const TOLD_BEFORE_UNTOLD = `
  with carrier as (
    select l.run_id, l.chunk_no, l.seq, l.mobile_index, l.template_key, c.told_no
      from ledger l join chunk c on c.run_id = l.run_id and c.chunk_no = l.chunk_no
     where l.fate = 'carrier')
  select from carrier told join carrier untold on untold.run_id = told.run_id and untold.chunk_no = told.chunk_no and untold.seq > told.seq
   where told.template_key ~ '^(estimate|restored|partly|rescheduled|cancelled)' and untold.template_key ~ '^(unplanned|untimed|planned)'
     and not exists (select from ledger o join chunk oc on oc.run_id = o.run_id and oc.chunk_no = o.chunk_no
                      where o.mobile_index = untold.mobile_index and o.fate in ('carrier', 'coalesced') and oc.told_no < untold.told_no)
   limit 1`;

/** A text that nobody answered goes once more: what is in doubt then stays so. */
const MORE_THAN_ONCE_MORE = `
  select from message_state more
   where more.state = 'underway'
     and 1 < (select count(distinct doubt.send_no) from message_state doubt
               where doubt.run_id = more.run_id and doubt.chunk_no = more.chunk_no and doubt.seq = more.seq
                 and doubt.state = 'ambiguous' and doubt.send_no < more.send_no) limit 1`;

/** Compares the counts of each run with the rows of the ledger: each contact has one end, and is counted as what it is. */
export async function wrongInLedger(db: Database): Promise<string[]> {
  const differing = await query<{ revision: string; measure: string; rows: number; counts: number }>(db, WHAT_BECAME);
  const unordered = await query(db, TOLD_BEFORE_UNTOLD);
  const oftener = await query(db, MORE_THAN_ONCE_MORE);
  const open = await query<{ n: number }>(
    db,
    `select count(*)::int as n from chunk where state <> 'done' and run_id in (select run_id from run where state <> 'held')`,
  );
  return [
    ...differing.map(
      ({ revision, measure, rows, counts }) =>
        `of revision ${revision} ${rows} contacts are ${measure}, and ${counts} are counted`,
    ),
    ...(unordered.length > 0 ? ['somebody who was told before hears before one who was told nothing'] : []),
    ...(oftener.length > 0 ? ['what was in doubt twice goes once more'] : []),
    ...(open[0]?.n === 0 ? [] : [`${open[0]?.n} chunks are never done`]),
  ];
}

/** Where each run stands that has not ended, and its chunks. */
const WHAT_WAITS = `
  select r.kind || ' of revision ' || r.revision || ' is ' || r.state || coalesce((
           select ': ' || string_agg(concat_ws(' ', 'chunk', c.chunk_no, c.state, 'cursor', c.cursor, 'of', c.carriers,
                                               case when c.holder_id is not null then 'held' end, 'not before ' || c.not_before), ', ' order by c.chunk_no)
             from chunk c where c.run_id = r.run_id and c.state <> 'done'), '')
         || ', ' || (select count(*) from run_later l where l.run_id = r.run_id) || ' put off' as what
    from run r where r.ended_at is null or exists (select from run_later l where l.run_id = r.run_id)
   order by r.planned_at, r.run_id`;

/** Says in words which runs have not ended, and what of them waits. */
export async function whatWaits(db: Database): Promise<string[]> {
  return (await query<{ what: string }>(db, WHAT_WAITS)).map(({ what }) => what);
}
