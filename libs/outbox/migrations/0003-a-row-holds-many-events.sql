-- One row of outbox holds what one statement says: up to a thousand events of one topic, or tombstones. Rows that are not yet published
-- become rows of one event each, in their order; what is published was kept for investigation only and goes.
create table carried_over as
  select id, topic, traceparent, key, value, event_id, type, occurred_at, created_at from outbox where published_at is null;
drop table outbox;

-- The relay polls for published_at is null: ids are given before the commit, so a cursor over them would skip rows.
create table outbox (
  id bigint generated always as identity,
  topic text not null,
  traceparent text,
  events json not null,
  event_count integer not null generated always as (json_array_length(events)) stored,
  payload bytea not null,
  created_at timestamptz not null default now(),
  published_at timestamptz,
  constraint outbox_pkey primary key (id)
);
create index outbox_unpublished on outbox (id) where published_at is null;
comment on column outbox.events is
  'in order: {key, id, type, time, start, length} of an event, whose value is the octets of payload from start on; {key} of a tombstone';
comment on column outbox.payload is 'the values of the events, one after the other';

-- Each is written once, read once and not looked into: to compress it costs more than it saves.
alter table outbox alter column events set storage external, alter column payload set storage external;

insert into outbox (topic, traceparent, events, payload, created_at)
select topic, traceparent,
       json_build_array(json_strip_nulls(json_build_object(
         'key', key,
         'id', event_id,
         'type', type,
         'time', to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
         'start', case when value is not null then 0 end,
         'length', octet_length(value)))),
       coalesce(value, ''), created_at
  from carried_over
 order by id;
drop table carried_over;

-- Event by event, for whoever investigates.
create view outbox_event as
  select o.id as outbox_id, e.position, o.topic, e.key, substring(o.payload from e.start + 1 for e.length) as value, e.id as event_id,
         e.type, e."time" as occurred_at, o.traceparent, o.created_at, o.published_at
    from outbox o
   cross join lateral rows from (
     json_to_recordset(o.events) as (key text, id uuid, type text, "time" timestamptz, start integer, length integer)
   ) with ordinality as e (key, id, type, "time", start, length, position);
