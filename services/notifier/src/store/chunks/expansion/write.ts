import { ON_CLAIM } from './claims.ts';

const IS_LEFT = `(not speaks and barred is null and verdict in ('back', 'off', 'moved', 'not-yet', 'window', 'rewindow', 'gone'))`;

/**
 * Writes what was judged: the carrier is the first row of its mobile that speaks. seq counts the mobiles that get a text, without gaps; those
 * who were told nothing yet come first. One text says one thing: a contact of whom there is something else to say has no row yet, and is
 * judged in an extra chunk, and one who was told a time a moment ago when the next one may be told.
 */
export const WRITE: readonly string[] = [
  `carrier as materialized (
     select *, row_number() over (order by is_told, mobile_index) as seq
       from (select mobile_index, bool_or(is_told) as is_told, min(name) as name, min(account_number) as lowest, max(account_number) as highest,
                    min(account_number) filter (where family = 'partly' and verdict <> 'back') as still_lowest,
                    max(account_number) filter (where family = 'partly' and verdict <> 'back') as still_highest
               from spoken where speaks group by mobile_index) each)`,
  `written as (
     insert into ledger (run_day, run_id, connection_id, contact_no, mobile_index, chunk_no, seq, fate, reason, template_key, claim_no,
                         named_account, language, account_number, sealed_number, seal_key_id)
     select :runDay::date, :runId::uuid, s.connection_id, s.contact_no, s.mobile_index, :chunkNo::int, c.seq,
            case when c.seq is null then 'skipped' when c.name = s.name then 'carrier' else 'coalesced' end,
            case when speaks then null when barred is not null then barred when verdict = 'none' then 'not-told' else 'no-change' end,
            case when c.name = s.name then
              family || case when family = 'partly' then case when least(still_lowest, off_lowest) = greatest(still_highest, off_highest)
                                                              then '.one.' else '.many.' end
                             when lowest = highest then '.one.' else '.many.' end || language end,
            case when not speaks then case when verdict in ('same', 'moved', 'rewindow') then told_claim end
                 else case verdict when 'back' then ${ON_CLAIM} when 'off' then off_claim when 'moved' then off_claim when 'not-yet' then off_claim when 'gone' then gone_claim
                                   else window_claim end end,
            case when c.name = s.name and family = 'partly' then least(still_lowest, off_lowest) end,
            language, account_number, sealed_number, seal_key_id
       from spoken s left join carrier c on speaks and c.mobile_index = s.mobile_index
      where not ${IS_LEFT}
     returning fate, reason, seq, template_key, claim_no, named_account, account_number, sealed_number, seal_key_id)`,
  `left_over as (
     insert into run_later (run_id, mobile_index, due_at)
     select :runId::uuid, mobile_index, case when bool_and(verdict = 'not-yet') then min(due_at) end
       from spoken where ${IS_LEFT} group by mobile_index
     on conflict do nothing)`,
];
