import { FURTHEST_FIRST } from '../../messages/furthest-first.ts';
import type { Place } from './places.ts';

/** States in which a message did not reach its handset, or will not. */
const NOT_TOLD = `('returned', 'deferred', 'blocked', 'rejected', 'superseded', 'stale', 'unrenderable')`;

/**
 * What the mobiles of the chunk were told of each connection, by runs whose word still holds: the newest of its state, the newest window of
 * its own outage, and whether a text is on its way. A message that is known not to have gone out was not told. The days stand there as values
 * too, so that the planner leaves all other partitions alone.
 */
export function TOLD(place: Place, hasTold: boolean): string[] {
  if (!hasTold)
    return [
      `told as (select * from (values ${NOBODY}) as t (${TOLD_COLUMNS}) where false)`,
      'unsaid as (select null::bigint as mobile_index, false as is_ours where false)',
    ];
  return [
    `telling as materialized (
       select t.run_id, t.run_day, r.thread_id, r.thread_id = :threadId as is_own, c.chunk_no, c.cursor, c.told_no,
              r.state = 'open' and c.state <> 'done' as is_open
         from unnest(:toldRuns::uuid[], :toldDays::date[]) as t (run_id, run_day)
         join run r on r.run_id = t.run_id and r.is_live
         join chunk c on c.run_id = t.run_id and c.told_no is not null)`,
    `stated as materialized (
       select distinct on (m.run_id, m.chunk_no, m.seq) m.run_id, m.chunk_no, m.seq, m.state, m.recorded_at, m.message_ids is not null as is_begun,
              case when m.state = 'ambiguous' then (
                select count(distinct d.send_no) from message_state d
                 where d.run_day = any(:toldDays::date[]) and d.run_day = m.run_day and d.run_id = m.run_id and d.chunk_no = m.chunk_no and d.seq = m.seq
                   and d.state = 'ambiguous') end as doubts
         from message_state m join (select distinct run_id, run_day from telling) t on t.run_id = m.run_id and t.run_day = m.run_day
        where m.run_day = any(:toldDays::date[])
        order by m.run_id, m.chunk_no, m.seq, ${FURTHEST_FIRST('m')})`,
    `said as materialized (
       select l.connection_id, l.contact_no, l.mobile_index, l.account_number, l.language, t.is_own, t.told_no, l.claim_no,
              -- A word belongs to the outage that its claim names, whoever carries it on.
              coalesce('outage:' || k.outage_id, t.thread_id) as thread_id, k.kind, k.starts_at, k.until, l.run_id, l.chunk_no, l.seq, s.state, s.recorded_at
         from (select distinct run_id, run_day from telling) runs
         join ledger l on l.run_day = runs.run_day and l.run_id = runs.run_id and ${place.holds('l.mobile_index')}
         join telling t on t.run_id = l.run_id and t.chunk_no = l.chunk_no
         join run_claim k on k.run_id = l.run_id and k.claim_no = coalesce(l.claim_no, 1)
         left join stated s on s.run_id = l.run_id and s.chunk_no = l.chunk_no and s.seq = l.seq
        where l.run_day = any(:toldDays::date[])
          and ((l.seq <= t.cursor and (s.state is null or s.state not in ${NOT_TOLD})) or l.reason = 'no-change'))`,
    `packed as materialized (
       select p.run_id, p.chunk_no, unnest(p.seqs) as seq, p.recorded_at
         from accepted_pack p
         join (select distinct s.run_id, s.chunk_no, t.run_day from said s join telling t on t.run_id = s.run_id and t.chunk_no = s.chunk_no) c
           on p.run_day = c.run_day and p.run_id = c.run_id and p.chunk_no = c.chunk_no
        where p.run_day = any(:toldDays::date[]))`,
    // What a thread said of a window last: an older one neither stands nor begins.
    `newest_window as materialized (
       select connection_id, contact_no, mobile_index, thread_id, max(told_no) as told_no
         from said where kind in ('window', 'no-window') group by 1, 2, 3, 4)`,
    `told as materialized (
       select connection_id, contact_no, mobile_index, min(account_number) as account_number, min(language) as language,
              (array_agg(kind order by told_no desc) filter (where is_state))[1] as kind,
              (array_agg(until order by told_no desc) filter (where is_state))[1] as until,
              (array_agg(claim_no order by told_no desc) filter (where is_state))[1] as claim_no,
              (array_agg(is_doubtful order by told_no desc) filter (where is_state))[1] as is_doubtful,
              max(recorded_at) filter (where is_state) as told_at,
              (array_agg(kind order by told_no desc) filter (where is_window))[1] as window_kind,
              (array_agg(starts_at order by told_no desc) filter (where is_window))[1] as window_starts_at,
              (array_agg(until order by told_no desc) filter (where is_window))[1] as window_until,
              (array_agg(claim_no order by told_no desc) filter (where is_window))[1] as window_claim_no,
              (array_agg(is_doubtful order by told_no desc) filter (where is_window))[1] as window_is_doubtful,
              bool_or(is_own) as is_own, bool_or(is_underway) as is_underway
         from (select s.connection_id, s.contact_no, s.mobile_index, s.account_number, s.language, s.is_own, s.told_no, s.claim_no,
                      s.starts_at, s.until, coalesce(s.recorded_at, p.recorded_at) as recorded_at,
                      s.kind in ('window', 'no-window') and s.thread_id = :threadId as is_window,
                      s.kind in ('off', 'on') or w.told_no is not null as is_state,
                      coalesce(s.state in ('ambiguous', 'in-doubt'), false) as is_doubtful,
                      -- A window that has begun as it was told says that it is off.
                      case when w.told_no is not null then 'off' else s.kind end as kind,
                      s.seq is not null and (s.is_own or s.kind in ('off', 'on'))
                        and (s.state = 'underway' or (s.state is null and p.seq is null)) as is_underway
                 from said s
                 left join packed p on p.run_id = s.run_id and p.chunk_no = s.chunk_no and p.seq = s.seq
                 left join newest_window w on s.kind = 'window' and s.starts_at <= now()
                       and w.connection_id = s.connection_id and w.contact_no = s.contact_no and w.mobile_index = s.mobile_index
                       and w.thread_id = s.thread_id and w.told_no = s.told_no) each
        group by connection_id, contact_no, mobile_index)`,
    // What other runs have still to say to these mobiles; of a window only its own thread speaks. Behind the cursor, it came back, or is in
    // doubt, and goes again; of a text that has begun to leave the rest goes, too.
    `unsaid as materialized (
       select l.run_id, l.chunk_no, l.seq, l.connection_id, l.contact_no, l.mobile_index,
              coalesce(s.is_begun and s.state <> 'ambiguous', false) as is_begun
         from telling t
         join ledger l on l.run_day = t.run_day and l.run_id = t.run_id and ${place.holds('l.mobile_index')} and l.chunk_no = t.chunk_no
         join run_claim k on k.run_id = l.run_id and k.claim_no = coalesce(l.claim_no, 1)
         left join stated s on s.run_id = l.run_id and s.chunk_no = l.chunk_no and s.seq = l.seq
        where l.run_day = any(:toldDays::date[]) and t.is_open and (t.is_own or k.kind not in ('window', 'no-window'))
          and (l.seq > t.cursor or s.state in ('returned', 'deferred', 'blocked') or (s.state = 'ambiguous' and s.doubts = 1))
          and not exists (select from withdrawn_message w where w.run_id = l.run_id and w.chunk_no = l.chunk_no and w.seq = l.seq))`,
  ];
}

const TOLD_COLUMNS = `connection_id, contact_no, mobile_index, account_number, language, kind, until, claim_no, is_doubtful, told_at, window_kind,
  window_starts_at, window_until, window_claim_no, window_is_doubtful, is_own, is_underway`;
const NOBODY = `(null::uuid, null::int, null::bigint, null::text, null::text, null::text, null::timestamptz, null::int, null::bool, null::timestamptz, null::text,
  null::timestamptz, null::timestamptz, null::int, null::bool, null::bool, null::bool)`;
