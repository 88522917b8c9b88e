-- Settling a batch: what became of its keys, and its rows are pending no more. Functions for the sake of their settings, as those that claim:
-- the statistics of a queue are always wrong, and with wrong ones the planner reads the whole of inbox_key, or joins it row by row, for every
-- batch, which is felt from ten thousand keys on. Each finds its rows by the whole primary key.
create function inbox_move_keys(
  of_subscription text, keys text[], versions bigint[], attempt_counts integer[], reasons text[], waits_ms double precision[]
) returns void
language sql volatile
set enable_seqscan = off set enable_bitmapscan = off set enable_nestloop = off set enable_mergejoin = off
begin atomic
  update inbox_key k
     set version = v.version,
         attempts = v.attempts,
         parked_reason = v.reason,
         parked_until = case when v.ms = 'infinity' then 'infinity' else now() + v.ms * interval '1 millisecond' end,
         parked_since = case when v.reason is null then null when k.parked_reason = v.reason then k.parked_since else now() end
    from unnest(keys, versions, attempt_counts, reasons, waits_ms) as v (key, version, attempts, reason, ms)
   where k.subscription = of_subscription and k.key = any(keys) and k.key = v.key;
end;

-- Looked up one by one, then deleted where they are. A row that a reaper moves meanwhile stays, and is found to be handled.
create function inbox_settle(of_subscription text, settled_ids bigint[]) returns void
language sql volatile
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
begin atomic
  delete from inbox_pending
   where ctid = any(array(
     select p.place
       from unnest(settled_ids) as settled (id)
      cross join lateral (
        select q.ctid as place from inbox_pending q where q.subscription = of_subscription and q.id = settled.id offset 0) p));
end;
