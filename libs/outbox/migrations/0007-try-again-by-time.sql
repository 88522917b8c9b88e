-- Keys that failed before are found by the time at which they are due, many at once: with 100,000 waiting, as the bills of a month that are
-- heard before their connections, to find one of them took seconds.
create index inbox_key_due on inbox_key (subscription, coalesce(parked_until, '-infinity')) where attempts > 0;
create function inbox_claim_tried(of_subscription text, most integer) returns setof inbox_key
language sql volatile
set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set enable_hashjoin = off set enable_mergejoin = off
begin atomic
  select k.*
    from inbox_key k
   where k.subscription = of_subscription and k.attempts > 0 and coalesce(k.parked_until, '-infinity') <= now()
     and exists (select from inbox_pending p where p.subscription = k.subscription and p.key = k.key and p.crashes = 0 offset 0)
   order by coalesce(k.parked_until, '-infinity')
   limit most
     for update of k skip locked;
end;
-- As the code of the release before asks.
create or replace function inbox_claim_tried(of_subscription text) returns setof inbox_key
language sql volatile
begin atomic
  select * from inbox_claim_tried(of_subscription, 1);
end;
create or replace function inbox_work(of_subscription text, out fresh boolean, out tried boolean, out suspect_id bigint, out suspect_key text)
language sql stable
set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
begin atomic
  select
    exists (
      select from inbox_pending p
       where p.subscription = of_subscription and p.crashes = 0
         and exists (
           select from inbox_key k
            where k.subscription = p.subscription and k.key = p.key and k.attempts = 0 and (k.parked_until is null or k.parked_until <= now())
           offset 0)),
    exists (
      select from inbox_key k
       where k.subscription = of_subscription and k.attempts > 0 and coalesce(k.parked_until, '-infinity') <= now()
         and exists (select from inbox_pending p where p.subscription = k.subscription and p.key = k.key and p.crashes = 0 offset 0)),
    suspect.id,
    suspect.key
  from (select) as always
  left join lateral (
    select p.id, p.key
      from inbox_pending p
     where p.subscription = of_subscription and p.crashes > 0
       and exists (
         select from inbox_key k where k.subscription = p.subscription and k.key = p.key and (k.parked_until is null or k.parked_until <= now()) offset 0)
       and not exists (select from inbox_pending older where older.subscription = p.subscription and older.key = p.key and older.id < p.id offset 0)
     order by p.id
     limit 1) as suspect on true;
end;
drop index inbox_key_tried;
