import { claimNo } from './claims.ts';

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
     select mobile_index from judged where is_underway
      union
     select mobile_index from ours where not is_ours and mobile_index in (select mobile_index from judged))`,
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
    `judged as materialized (
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
                          -- A time that is past is told to nobody; another one not soon after the last, while what that one said may be true.
                          when o.until <= now()
                            or (abs(extract(epoch from o.until - t.until)) <= 60 * :thresholdMinutes::int
                                and (o.until <= t.until or t.until >= now() + make_interval(mins => :renewedMinutes::int))) then 'same'
                          when t.until > now() and t.told_at > now() - make_interval(secs => :pauseSeconds::int) then 'not-yet'
                          else 'moved' end
                   when t.kind = 'off' or t.is_doubtful then 'back'
                   when n.is_window then 'same'
                   else 'none' end as verdict,
              t.mobile_index is not null as was_told, coalesce(t.is_underway, false) as is_underway,
              least(t.told_at + make_interval(secs => :pauseSeconds::int), t.until) as due_at,
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
    `mobile as materialized (
       select *, case when any_back and any_off then 'partly' when any_back then 'restored' when new_claim is not null then 'unplanned'
                      when moved_claim is not null then 'estimate' when any_window then :plannedFamily::text when any_rewindow then 'rescheduled'
                      when any_gone then 'cancelled' end as family
         from (select mobile_index,
                      bool_or(verdict = 'back' and barred is null) as any_back,
                      bool_or(off_lowest is not null or (verdict in ('off', 'moved', 'not-yet', 'same') and off_claim is not null and barred is null)) as any_off,
                      min(off_claim) filter (where verdict = 'off' and barred is null) as new_claim,
                      min(off_claim) filter (where verdict = 'moved' and barred is null) as moved_claim,
                      bool_or(verdict = 'window' and barred is null) as any_window,
                      bool_or(verdict = 'rewindow' and barred is null) as any_rewindow,
                      bool_or(verdict = 'gone' and barred is null) as any_gone,
                      bool_or(was_told) as is_told
                 from judged ${hasTold ? 'where mobile_index not in (select mobile_index from put_off)' : ''}
                group by mobile_index) weighed)`,
    `spoken as materialized (
       select j.*, m.family, m.is_told, ${NAME} as name,
              case when j.barred is not null then false
                   when m.any_back and m.any_off then j.verdict in ('back', 'off', 'moved')
                   when m.any_back then j.verdict = 'back'
                   when m.new_claim is not null then j.verdict in ('off', 'moved', 'not-yet') and j.off_claim = m.new_claim
                   when m.moved_claim is not null then j.verdict in ('moved', 'not-yet') and j.off_claim = m.moved_claim
                   when m.any_window then j.verdict = 'window' when m.any_rewindow then j.verdict = 'rewindow'
                   else j.verdict = 'gone' end as speaks
         from judged j join mobile m on m.mobile_index = j.mobile_index)`,
  ];
}

/** Orders the contacts of a mobile. */
const NAME = `j.account_number || ' ' || lpad(j.contact_no::text, 10, '0')`;

/** A contact whose number moved between two chunks is in the run already. */
const LEAVE_OUT_WRITTEN = `and not exists (
            select from ledger l where l.run_day = :runDay::date and l.run_id = :runId and l.connection_id = c.connection_id and l.contact_no = c.contact_no)`;
