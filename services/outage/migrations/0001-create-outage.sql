-- Outages as they stand. What happened to each is in outage_event; the full events leave by the outbox.
create table outage (
  id uuid not null,
  version integer not null,
  kind text not null,
  status text not null,
  cause text not null,
  starts_at timestamptz not null,
  estimated_restoration_at timestamptz not null,
  restored_at timestamptz,
  constraint outage_pkey primary key (id),
  constraint outage_version check (version >= 1),
  constraint outage_kind check (kind in ('planned', 'unplanned')),
  constraint outage_status check (status in ('announced', 'open', 'restored')),
  constraint outage_restored_at check ((status = 'restored') = (restored_at is not null))
);
create index outage_status_id on outage (status, id);
comment on column outage.id is 'UUIDv7: its order is the order of opening';
comment on column outage.cause is 'a code of domain/causes.ts';

-- Which nodes of the network an outage is about, in the order given.
create table outage_node (
  outage_id uuid not null,
  position smallint not null,
  node_id text not null,
  constraint outage_node_pkey primary key (outage_id, position),
  constraint outage_node_outage_fkey foreign key (outage_id) references outage (id),
  constraint outage_node_once unique (outage_id, node_id)
);
create index outage_node_node_id on outage_node (node_id);

-- What happened to an outage, and in which trace: the way from its id to its journeys.
create table outage_event (
  outage_id uuid not null,
  version integer not null,
  event_id uuid not null,
  type text not null,
  occurred_at timestamptz not null,
  trace_id text,
  constraint outage_event_pkey primary key (outage_id, version),
  constraint outage_event_outage_fkey foreign key (outage_id) references outage (id),
  constraint outage_event_event_id_key unique (event_id)
);
comment on column outage_event.trace_id is '32 hex digits; null where the request was not traced';
