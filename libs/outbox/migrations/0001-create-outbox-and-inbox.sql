-- What every service database has: events on their way out, records on their way in, and what was made of them.

-- Events and tombstones to be published. The relay polls for published_at is null: ids are given before the commit, so a cursor over
-- them would skip rows.
create table outbox (
  id bigint generated always as identity,
  topic text not null,
  key text not null,
  value bytea,
  event_id uuid,
  type text,
  occurred_at timestamptz,
  traceparent text,
  created_at timestamptz not null default now(),
  published_at timestamptz,
  constraint outbox_pkey primary key (id),
  constraint outbox_event_or_tombstone check ((value is null) = (event_id is null))
);
create index outbox_unpublished on outbox (id) where published_at is null;

-- Every record heard by an inbox subscription, as it came; written once, never updated, kept for the topic's retention and a week more.
create table inbox (
  subscription text not null,
  topic text not null,
  partition integer not null,
  record_offset bigint not null,
  id bigint generated always as identity,
  key text not null,
  value bytea,
  headers json not null,
  received_at timestamptz not null default now(),
  constraint inbox_pkey primary key (subscription, topic, partition, record_offset),
  constraint inbox_id_key unique (id)
);
comment on column inbox.id is 'order of arrival; within a key it is the order of the offsets';
comment on column inbox.key is 'empty when the record had none';

-- The records of inbox that are still to be handled.
create table inbox_pending (
  subscription text not null,
  id bigint not null,
  key text not null,
  crashes smallint not null default 0,
  constraint inbox_pending_pkey primary key (subscription, id)
);
create index inbox_pending_key on inbox_pending (subscription, key, id);
create index inbox_pending_suspect on inbox_pending (subscription, id) where crashes > 0;
comment on column inbox_pending.crashes is 'how often the process died while it handled this record';

-- How far each key is. Whoever handles records of a key holds its row locked, so replicas never handle one key at once.
create table inbox_key (
  subscription text not null,
  key text not null,
  version bigint not null default 0,
  attempts integer not null default 0,
  parked_until timestamptz,
  parked_since timestamptz,
  parked_reason text,
  constraint inbox_key_pkey primary key (subscription, key),
  constraint inbox_key_parked_reason check (parked_reason in ('gap', 'retry', 'dead-letter')),
  constraint inbox_key_parked_whole check ((parked_until is null) = (parked_reason is null) and (parked_until is null) = (parked_since is null))
) with (fillfactor = 80);
create index inbox_key_parked on inbox_key (subscription, key) where parked_until is not null;
create index inbox_key_tried on inbox_key (subscription, key) where attempts > 0;
comment on column inbox_key.version is 'newest version handled; 0 when none is';
comment on column inbox_key.parked_until is 'infinity while a dead letter of the key waits to be replayed or discarded';

-- The next three are functions for the sake of their settings: the statistics of a queue are always wrong, and with wrong ones the planner
-- sorts the whole queue, or reads the whole of inbox_key, for every batch. The indexes give the right order at once.

-- Keys whose oldest pending rows are at hand and never failed: `take` of the keys of the `depth` oldest rows, locked, leaving out what
-- others hold.
create function inbox_claim_fresh(of_subscription text, depth integer, take integer) returns setof inbox_key
language sql volatile
set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
begin atomic
  select k.*
    from inbox_key k
   where k.subscription = of_subscription
     and k.key = any(array(
       select p.key
         from inbox_pending p
        where p.subscription = of_subscription and p.crashes = 0
          and exists (
            select from inbox_key c
             where c.subscription = p.subscription and c.key = p.key and c.attempts = 0 and (c.parked_until is null or c.parked_until <= now())
            offset 0)
        order by p.id
        limit depth))
     and k.attempts = 0 and (k.parked_until is null or k.parked_until <= now())
   limit take
     for update of k skip locked;
end;

-- One key that failed before and may be tried again, locked.
create function inbox_claim_tried(of_subscription text) returns setof inbox_key
language sql volatile
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
begin atomic
  select k.*
    from inbox_key k
   where k.subscription = of_subscription and k.attempts > 0 and (k.parked_until is null or k.parked_until <= now())
     and exists (select from inbox_pending p where p.subscription = k.subscription and p.key = k.key and p.crashes = 0 offset 0)
   order by k.parked_until
   limit 1
     for update of k skip locked;
end;

-- What a worker could do now, found without locking anything. A suspect may have killed a process; it is the oldest row of its key.
create function inbox_work(of_subscription text, out fresh boolean, out tried boolean, out suspect_id bigint, out suspect_key text)
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
       where k.subscription = of_subscription and k.attempts > 0 and (k.parked_until is null or k.parked_until <= now())
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

-- Which events a subscription has handled, and what their bytes were.
create table applied_event (
  subscription text not null,
  event_id uuid not null,
  body_hash bytea not null,
  applied_at timestamptz not null default now(),
  constraint applied_event_pkey primary key (subscription, event_id)
);
create index applied_event_age on applied_event using brin (applied_at) with (autosummarize = on);

-- What a worker is trying right now. A row whose worker is gone (its advisory lock is free) tells which records killed it.
create table inbox_attempt (
  id bigint generated always as identity,
  worker integer not null,
  subscription text not null,
  inbox_ids bigint[] not null,
  started_at timestamptz not null default now(),
  constraint inbox_attempt_pkey primary key (id)
);

-- Records that no retry helped.
create table dead_letter (
  id bigint generated always as identity,
  subscription text not null,
  topic text not null,
  partition integer not null,
  record_offset bigint not null,
  key text not null,
  value bytea,
  headers json not null,
  received_at timestamptz not null,
  event_id uuid,
  version bigint,
  reason text not null,
  detail text not null,
  state text not null default 'waiting',
  deaths integer not null default 1,
  latest_died_at timestamptz not null default now(),
  constraint dead_letter_pkey primary key (id),
  constraint dead_letter_record_key unique (subscription, topic, partition, record_offset),
  constraint dead_letter_state check (state in ('waiting', 'replayed', 'discarded'))
);
create index dead_letter_waiting on dead_letter (subscription, key) where state = 'waiting';

-- Who decided what about a dead letter.
create table dead_letter_replay (
  id bigint generated always as identity,
  dead_letter_id bigint not null,
  action text not null,
  who text not null,
  decided_at timestamptz not null default now(),
  constraint dead_letter_replay_pkey primary key (id),
  constraint dead_letter_replay_dead_letter_fkey foreign key (dead_letter_id) references dead_letter (id),
  constraint dead_letter_replay_action check (action in ('replay', 'discard'))
);

-- Answers given to requests that carried an Idempotency-Key.
create table answered_request (
  operation text not null,
  idempotency_key text not null,
  request_hash bytea not null,
  status smallint,
  headers json,
  body json,
  answered_at timestamptz not null default now(),
  constraint answered_request_pkey primary key (operation, idempotency_key)
);
create index answered_request_age on answered_request using brin (answered_at) with (autosummarize = on);
comment on column answered_request.status is 'null while the first request is being worked on, inside its transaction only';
