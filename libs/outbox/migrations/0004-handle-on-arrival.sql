-- Records are handled as they arrive; inbox holds those that could not be: for the worker, which finds out why, one by one.
comment on table inbox is 'records that could not be handled as they arrived, as they came';

-- What a process is trying as it arrives from Kafka is stored nowhere, so its note says where it stands there.
alter table inbox_attempt
  add column topic text,
  add column partition integer,
  add column first_offset bigint,
  add column last_offset bigint,
  add constraint inbox_attempt_place_whole
    check ((topic is null) = (partition is null) and (topic is null) = (first_offset is null) and (topic is null) = (last_offset is null));
comment on column inbox_attempt.inbox_ids is 'empty for records that are tried as they arrive';

-- Locks the keys that are known, in their order, so that no two who hold some wait for each other; not for long, since other keys arrive
-- behind: the worker, who may hold one for half a minute, then gets these records too. Each key is looked up: the statement is planned once,
-- when there are few, and must not read the table when there are many.
create function inbox_hold_keys(of_subscription text, keys text[]) returns setof inbox_key
language sql volatile
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
set lock_timeout = '1s'
begin atomic
  select k.*
    from inbox_key k
   where k.subscription = of_subscription and k.key = any(keys)
   order by k.key
     for update of k;
end;

-- As before, but for keys that are new: the first record of a key is handled without having been stored.
create or replace function inbox_move_keys(
  of_subscription text, keys text[], versions bigint[], attempt_counts integer[], reasons text[], waits_ms double precision[]
) returns void
language sql volatile
set enable_seqscan = off set enable_bitmapscan = off
begin atomic
  insert into inbox_key as k (subscription, key, version, attempts, parked_reason, parked_until, parked_since)
  select of_subscription, v.key, v.version, v.attempts, v.reason,
         case when v.ms = 'infinity' then 'infinity' else now() + v.ms * interval '1 millisecond' end,
         case when v.reason is not null then now() end
    from unnest(keys, versions, attempt_counts, reasons, waits_ms) as v (key, version, attempts, reason, ms)
  on conflict (subscription, key) do update
    set version = excluded.version,
        attempts = excluded.attempts,
        parked_reason = excluded.parked_reason,
        parked_until = excluded.parked_until,
        parked_since = case when k.parked_reason = excluded.parked_reason then k.parked_since else excluded.parked_since end;
end;
