import { FURTHEST_FIRST } from '../messages/furthest-first.ts';

/** Which mobiles a chunk is, and how they are reached. */
type Place = {
  /** Whether mobile `column` is one of the chunk's. */
  readonly holds: (column: string) => string;
  /** Reads the contacts of the audience that may belong to the chunk, as `x`. */
  readonly contacts: string;
};

const IN_RANGE = (column: string): string => `${column} >= :rangeFrom::bigint and ${column} <= :rangeTo::bigint
  and not exists (select from run_first f where f.run_id = :runId and f.mobile_index = ${column})`;
const IN_LIST = (column: string): string => `${column} = any(:mobiles::bigint[])`;

/** A range of mobiles of the whole audience; a range of those below a few nodes; a list. */
export const PLACES: Readonly<Record<'range' | 'rangeByNode' | 'list', Place>> = {
  range: { holds: IN_RANGE, contacts: `select x.* from audience x where ${IN_RANGE('x.mobile_index')}` },
  rangeByNode: {
    holds: IN_RANGE,
    contacts: `
      select x.* from audience x where x.node_id in (select node_id from below union select unnest(:ownNodeIds::text[])) and ${IN_RANGE('x.mobile_index')}
       union
      select x.* from told t join audience x on x.connection_id = t.connection_id and x.contact_no = t.contact_no
       where ${IN_RANGE('x.mobile_index')}`,
  },
  list: { holds: IN_LIST, contacts: `select x.* from audience x where ${IN_LIST('x.mobile_index')}` },
};

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
         join run r on r.run_id = t.run_id
         join chunk c on c.run_id = t.run_id and c.told_no is not null)`,
    `stated as materialized (
       select distinct on (m.run_id, m.chunk_no, m.seq) m.run_id, m.chunk_no, m.seq, m.state, m.send_no, m.message_ids is not null as is_begun
         from message_state m join (select distinct run_id, run_day from telling) t on t.run_id = m.run_id and t.run_day = m.run_day
        where m.run_day = any(:toldDays::date[])
        order by m.run_id, m.chunk_no, m.seq, ${FURTHEST_FIRST('m')})`,
    `said as materialized (
       select l.connection_id, l.contact_no, l.mobile_index, l.account_number, l.language, t.is_own, t.told_no, l.claim_no,
              -- A word belongs to the outage that its claim names, whoever carries it on.
              coalesce('outage:' || k.outage_id, t.thread_id) as thread_id, k.kind, k.starts_at, k.until, l.run_id, l.chunk_no, l.seq, s.state
         from (select distinct run_id, run_day from telling) runs
         join ledger l on l.run_day = runs.run_day and l.run_id = runs.run_id and ${place.holds('l.mobile_index')}
         join telling t on t.run_id = l.run_id and t.chunk_no = l.chunk_no
         join run_claim k on k.run_id = l.run_id and k.claim_no = coalesce(l.claim_no, 1)
         left join stated s on s.run_id = l.run_id and s.chunk_no = l.chunk_no and s.seq = l.seq
        where l.run_day = any(:toldDays::date[])
          and ((l.seq <= t.cursor and (s.state is null or s.state not in ${NOT_TOLD})) or l.reason = 'no-change'))`,
    `packed as materialized (
       select p.run_id, p.chunk_no, unnest(p.seqs) as seq
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
              (array_agg(kind order by told_no desc) filter (where is_window))[1] as window_kind,
              (array_agg(starts_at order by told_no desc) filter (where is_window))[1] as window_starts_at,
              (array_agg(until order by told_no desc) filter (where is_window))[1] as window_until,
              (array_agg(claim_no order by told_no desc) filter (where is_window))[1] as window_claim_no,
              (array_agg(is_doubtful order by told_no desc) filter (where is_window))[1] as window_is_doubtful,
              bool_or(is_own) as is_own, bool_or(is_underway) as is_underway
         from (select s.connection_id, s.contact_no, s.mobile_index, s.account_number, s.language, s.is_own, s.told_no, s.claim_no,
                      s.starts_at, s.until, s.kind in ('window', 'no-window') and s.thread_id = :threadId as is_window,
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
          and (l.seq > t.cursor or s.state in ('returned', 'deferred', 'blocked') or (s.state = 'ambiguous' and s.send_no = 1))
          and not exists (select from withdrawn_message w where w.run_id = l.run_id and w.chunk_no = l.chunk_no and w.seq = l.seq))`,
  ];
}

const TOLD_COLUMNS = `connection_id, contact_no, mobile_index, account_number, language, kind, until, claim_no, is_doubtful, window_kind,
  window_starts_at, window_until, window_claim_no, window_is_doubtful, is_own, is_underway`;
const NOBODY = `(null::uuid, null::int, null::bigint, null::text, null::text, null::text, null::timestamptz, null::int, null::bool, null::text,
  null::timestamptz, null::timestamptz, null::int, null::bool, null::bool, null::bool)`;

/** Makes the number of a claim of what it says: the same in every run. */
function claimNo(kind: string, outage: string, startsAt: string, until: string): string {
  return `hashtext(concat_ws(' ', ${kind}, ${outage}, extract(epoch from ${startsAt}), extract(epoch from ${until})))`;
}
const ON_CLAIM = 0;

/**
 * The contacts of the chunk, and what is true at each of their nodes: whether the scope feeds it, which of the outages that stand keeps it off
 * longest, and whether its own outage announces a window there.
 */
export function MOBILES(place: Place): string[] {
  return [
    `below (node_id) as (
       select unnest(:nodeIds::text[])
        union
       select n.node_id from network_node n join below b on n.parent_id = b.node_id)`,
    // Numbered so that the largest number is the latest return time.
    `standing as materialized (
       select o.*, row_number() over (order by o.is_off, o.until, o.outage_id)::int as no
         from outage_now o where o.is_off or (o.is_window and o.outage_id = :outageId::uuid))`,
    `named as materialized (
       select node_id, false as is_own, true as is_scope, null::int as off_no, false as is_window from unnest(:nodeIds::text[]) as node_id
        union all select node_id, true, true, null, false from unnest(:ownNodeIds::text[]) as node_id
        union all select n.node_id, n.is_own, false, case when o.is_off then o.no end, o.is_window
                    from standing o join outage_node n on n.outage_id = o.outage_id)`,
    `contact as materialized (${place.contacts})`,
    `node as materialized (
       select d.node_id, bool_or(x.is_scope) as is_scope, max(x.off_no) as off_no, bool_or(x.is_window) as is_window
         from (select distinct node_id from contact) d
         left join network_node w on w.node_id = d.node_id
        cross join lateral unnest(case when cardinality(w.path) > 0 then w.path else array[d.node_id] end) with ordinality as up (node_id, depth)
         join named x on x.node_id = up.node_id and (up.depth = 1 or not x.is_own)
        group by d.node_id)`,
  ];
}

/** Connections of a mobile outside what the run speaks of that are off, which decides between "restored" and "partly". */
const ELSEWHERE = {
  wide: `select c.mobile_index, c.account_number
           from contact c join node n on n.node_id = c.node_id
          where n.off_no is not null and c.connection_state = 'active' and c.wants_outages and not n.is_scope`,
  narrow: `select a.mobile_index, a.account_number
             from (select distinct mobile_index from told where kind = 'off') t
             join audience a on a.mobile_index = t.mobile_index and a.connection_state = 'active' and a.wants_outages
             join network_node w on w.node_id = a.node_id
            where a.node_id not in (select node_id from node where is_scope)
              and exists (select from unnest(w.path) with ordinality as up (node_id, depth)
                            join outage_node x on x.node_id = up.node_id and (up.depth = 1 or not x.is_own)
                            join outage_now o on o.outage_id = x.outage_id and o.is_off)`,
};

/** This run speaks for what others have still to say, where it speaks to everybody whom that text was for. */
const SPEAKS_FOR_OTHERS = [
  `ours as materialized (
     select u.run_id, u.chunk_no, u.seq, u.mobile_index,
            bool_and(not u.is_begun and j.verdict is not null and j.verdict not in ('window', 'rewindow', 'gone')) over (partition by u.mobile_index) as is_ours
       from unsaid u left join judged j on j.connection_id = u.connection_id and j.contact_no = u.contact_no and j.mobile_index = u.mobile_index)`,
  `ended_elsewhere as (
     insert into withdrawn_message (run_id, chunk_no, seq, reason)
     select distinct run_id, chunk_no, seq, 'superseded' from ours where is_ours on conflict do nothing)`,
  // Whose text is on its way, or another run's to say, is judged when that is settled.
  `put_off as materialized (
     select mobile_index from judged where is_underway union select mobile_index from ours where not is_ours)`,
  `noted as (
     insert into run_later (run_id, mobile_index) select :runId::uuid, mobile_index from put_off on conflict do nothing)`,
];

/** What each contact is to be told, and what its mobile is. Where nobody was told anything yet, most of it falls away. */
export function JUDGED({
  isWide,
  hasTold,
  isRepeat,
}: Readonly<Record<'isWide' | 'hasTold' | 'isRepeat', boolean>>): string[] {
  return [
    `elsewhere as materialized (
       select mobile_index, min(account_number) as lowest, max(account_number) as highest
         from (${isWide ? ELSEWHERE.wide : ELSEWHERE.narrow}) off group by mobile_index)`,
    // A number that is not the contact's any more hears nothing; its new one was told nothing.
    `judged as ${hasTold ? 'materialized' : 'not materialized'} (
       select c.connection_id, c.contact_no, c.mobile_index, c.account_number, c.language, c.sealed_number, c.seal_key_id,
              case when c.connection_state <> 'active' then 'not-active'
                   when not c.wants_outages then 'purpose-refused'
                   when c.number_state = 'malformed' then 'number-malformed'
                   when c.sealed_number is null then 'no-number'
                   when c.number_state in ('suspect', 'revoked', 'quarantined') then 'number-' || c.number_state end as barred,
              -- Windows first: no other run speaks of them, while what is off is said by the run of its outage. Whose latest word is in doubt
              -- hears what is true anew.
              case when n.is_window and (t.window_kind is distinct from 'window' or t.window_is_doubtful) then 'window'
                   when n.is_window and (t.window_starts_at <> own.starts_at
                                         or abs(extract(epoch from own.until - t.window_until)) > 60 * :thresholdMinutes::int) then 'rewindow'
                   when n.is_window is not true and t.window_kind = 'window' and t.window_starts_at > now() and not begun.is_begun then 'gone'
                   when n.off_no is not null then
                     case when t.kind is distinct from 'off' or t.is_doubtful then 'off'
                          when abs(extract(epoch from o.until - t.until)) > 60 * :thresholdMinutes::int
                            or (o.until > t.until and t.until < now() + make_interval(mins => :renewedMinutes::int)) then 'moved'
                          else 'same' end
                   when t.kind = 'off' or t.is_doubtful then 'back'
                   when n.is_window then 'same'
                   else 'none' end as verdict,
              t.mobile_index is not null as was_told, coalesce(t.is_underway, false) as is_underway,
              coalesce(t.claim_no, t.window_claim_no) as told_claim,
              case when t.window_kind = 'window' then ${claimNo(`'no-window'`, ':outageId::text', 't.window_starts_at', 't.window_until')} end as gone_claim,
              o.off_claim, own.window_claim, e.lowest as off_lowest, e.highest as off_highest
         from contact c
         left join node n on n.node_id = c.node_id
         left join (select no, until, ${claimNo(`'off'`, 'outage_id', 'starts_at', 'until')} as off_claim from standing where is_off) o on o.no = n.off_no
         left join (select starts_at, until, ${claimNo(`'window'`, 'outage_id', 'starts_at', 'until')} as window_claim
                      from standing where is_window limit 1) own on n.is_window
        -- Work that began before the window that was told: what is over is told back, not taken back.
        cross join (select :isRestored::bool or exists (select from standing where is_off and outage_id = :outageId::uuid) as is_begun) begun
         left join told t on t.connection_id = c.connection_id and t.contact_no = c.contact_no and t.mobile_index = c.mobile_index
         left join elsewhere e on e.mobile_index = c.mobile_index
        where (n.is_scope or t.is_own) ${isRepeat ? LEAVE_OUT_WRITTEN : ''})`,
    ...(hasTold ? SPEAKS_FOR_OTHERS : []),
    `weighed as not materialized (
       select j.*,
              bool_or(verdict = 'back' and barred is null) over mobile as any_back,
              bool_or(verdict in ('off', 'moved', 'same') and off_claim is not null and barred is null) over mobile or off_lowest is not null as any_off,
              min(off_claim) filter (where verdict = 'off' and barred is null) over mobile as new_claim,
              min(off_claim) filter (where verdict = 'moved' and barred is null) over mobile as moved_claim,
              bool_or(verdict = 'window' and barred is null) over mobile as any_window,
              bool_or(verdict = 'rewindow' and barred is null) over mobile as any_rewindow,
              bool_or(verdict = 'gone' and barred is null) over mobile as any_gone,
              bool_or(was_told) over mobile as is_told
         from judged j ${hasTold ? 'where mobile_index not in (select mobile_index from put_off)' : ''}
       window mobile as (partition by mobile_index))`,
    `spoken as not materialized (
       select w.*,
              case when any_back and any_off then 'partly' when any_back then 'restored' when new_claim is not null then 'unplanned'
                   when moved_claim is not null then 'estimate' when any_window then :plannedFamily::text when any_rewindow then 'rescheduled'
                   when any_gone then 'cancelled' end as family,
              case when barred is not null then false
                   when any_back and any_off then verdict in ('back', 'off', 'moved')
                   when any_back then verdict = 'back'
                   when new_claim is not null then verdict in ('off', 'moved') and off_claim = new_claim
                   when moved_claim is not null then verdict = 'moved' and off_claim = moved_claim
                   when any_window then verdict = 'window' when any_rewindow then verdict = 'rewindow'
                   else verdict = 'gone' end as speaks
         from weighed w)`,
  ];
}

/** A contact whose number moved between two chunks is in the run already. */
const LEAVE_OUT_WRITTEN = `and not exists (
            select from ledger l where l.run_day = :runDay::date and l.run_id = :runId and l.connection_id = c.connection_id and l.contact_no = c.contact_no)`;

/** What its rows may say, each form once; of what was told that still holds, too. */
export function CLAIMS(hasTold: boolean): string[] {
  return [
    `claimed as (
       insert into run_claim (run_id, claim_no, kind, outage_id, cause, starts_at, until)
       select distinct on (claim_no) :runId::uuid, claim_no, kind, outage_id, cause, starts_at, until
         from (select ${claimNo(`'off'`, 'outage_id', 'starts_at', 'until')} as claim_no, 'off' as kind, outage_id, cause, starts_at, until
                 from standing where is_off and no in (select off_no from node)
                union all
               select ${claimNo(`'window'`, 'outage_id', 'starts_at', 'until')}, 'window', outage_id, cause, starts_at, until from standing where is_window
                union all
               select ${ON_CLAIM}, 'on', :outageId::uuid, null, null, null
               ${hasTold ? TAKEN_OVER : ''}) each
       on conflict do nothing)`,
  ];
}

const TAKEN_OVER = `
                union all
               select claim_no, kind, outage_id, cause, starts_at, until from run_claim where run_id = any(:toldRuns::uuid[])
                union all
               select ${claimNo(`'no-window'`, ':outageId::text', 'starts_at', 'until')}, 'no-window', :outageId::uuid, cause, starts_at, until
                 from run_claim where run_id = any(:toldRuns::uuid[]) and kind = 'window'`;

/**
 * Writes what was judged: the carrier is the first row of its mobile that speaks. seq counts the mobiles that get a text, without gaps; those
 * who were told nothing yet come first. One text says one thing: a contact of whom there is something else to say has no row yet, and is
 * judged in an extra chunk. All windows go by one order, so that there is one sort.
 */
export const WRITE: readonly string[] = [
  `ranked as materialized (
     select s.*, not speaks and barred is null and verdict in ('back', 'off', 'moved', 'window', 'rewindow', 'gone') as is_left,
            row_number() over (partition by family is null, is_told, mobile_index, speaks order by account_number, contact_no) as nth,
            dense_rank() over (order by family is null, is_told, mobile_index) as place,
            min(case when speaks then account_number end) over mobile as lowest,
            max(case when speaks then account_number end) over mobile as highest,
            min(case when speaks and family = 'partly' and verdict <> 'back' then account_number end) over mobile as still_lowest,
            max(case when speaks and family = 'partly' and verdict <> 'back' then account_number end) over mobile as still_highest
       from spoken s window mobile as (partition by family is null, is_told, mobile_index))`,
  `written as (
     insert into ledger (run_day, run_id, connection_id, contact_no, mobile_index, chunk_no, seq, fate, reason, template_key, claim_no,
                         named_account, language, account_number, sealed_number, seal_key_id)
     select :runDay::date, :runId::uuid, connection_id, contact_no, mobile_index, :chunkNo::int, case when speaks then place end,
            case when not speaks then 'skipped' when nth = 1 then 'carrier' else 'coalesced' end,
            case when speaks then null when barred is not null then barred when verdict = 'none' then 'not-told' else 'no-change' end,
            case when speaks and nth = 1 then
              family || case when family = 'partly' then case when least(still_lowest, off_lowest) = greatest(still_highest, off_highest)
                                                              then '.one.' else '.many.' end
                             when lowest = highest then '.one.' else '.many.' end || language end,
            case when not speaks then case when verdict in ('same', 'moved', 'rewindow') then told_claim end
                 else case verdict when 'back' then ${ON_CLAIM} when 'off' then off_claim when 'moved' then off_claim when 'gone' then gone_claim
                                   else window_claim end end,
            case when speaks and nth = 1 and family = 'partly' then least(still_lowest, off_lowest) end,
            language, account_number, sealed_number, seal_key_id
       from ranked where not is_left
     returning fate, reason, template_key)`,
  `left_over as (
     insert into run_later (run_id, mobile_index) select distinct :runId::uuid, mobile_index from ranked where is_left on conflict do nothing)`,
];
