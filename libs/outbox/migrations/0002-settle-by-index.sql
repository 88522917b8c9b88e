-- Settling a batch: what became of its keys, and its rows are pending no more. A function for the sake of its settings, as those that claim:
-- the statistics of a queue are always wrong, and with wrong ones the planner reads the whole of inbox_key for every batch, which is felt
-- from a hundred thousand keys on.
create function inbox_settle(
  of_subscription text, keys text[], versions bigint[], attempt_counts integer[], reasons text[], waits_ms double precision[], settled_ids bigint[]
) returns void
language sql volatile
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
begin atomic
  update inbox_key k
     set version = v.version,
         attempts = v.attempts,
         parked_reason = v.reason,
         parked_until = case when v.ms = 'infinity' then 'infinity' else now() + v.ms * interval '1 millisecond' end,
         parked_since = case when v.reason is null then null when k.parked_reason = v.reason then k.parked_since else now() end
    from unnest(keys, versions, attempt_counts, reasons, waits_ms) as v (key, version, attempts, reason, ms)
   where k.subscription = of_subscription and k.key = v.key;
  delete from inbox_pending p using unnest(settled_ids) as settled (id) where p.subscription = of_subscription and p.id = settled.id;
end;
