-- Planned work has a life before it is announced, what was said may wait before it is told, and supply comes back in steps.
alter table outage
  add column estimate_source text,
  add column opened_node_ids text[] not null default '{}',
  add column opened_except_node_ids text[] not null default '{}',
  add column drafted_by text,
  add column approved_by text,
  add column is_confirmed boolean not null default true,
  add column alarmed_estimate_at timestamptz,
  drop constraint outage_version,
  drop constraint outage_status,
  add constraint outage_status_check check (status in ('draft', 'approved', 'unconfirmed', 'dropped', 'announced', 'open', 'restored', 'cancelled')),
  add constraint outage_version_check check (version >= 0 and (version = 0) = (status in ('draft', 'approved', 'unconfirmed', 'dropped'))),
  add constraint outage_planned_check check (kind = 'planned' or status not in ('draft', 'approved', 'announced', 'cancelled')),
  add constraint outage_estimate_source_check check (estimate_source in ('crew', 'control-room', 'cause-default', 'storm')),
  add constraint outage_approval_check check (approved_by is null or drafted_by is not null);
comment on column outage.version is 'the number of its latest event; 0 while nobody is told of it';
comment on column outage.opened_node_ids is 'the nodes as they were named; empty in rows of the release before: then those of outage_node';
comment on column outage.drafted_by is 'the name of a person: never in an event or a log';
comment on column outage.approved_by is 'the name of a person: never in an event or a log';
comment on column outage.is_confirmed is 'false while only a machine has said the latest of it';
comment on column outage.alarmed_estimate_at is 'the estimate of which it was logged that it is about to pass';
create index outage_announced_start on outage (starts_at) where status = 'announced';
create index outage_open_estimate on outage (estimated_restoration_at) where status = 'open';

alter table outage_node add column is_own boolean not null default false;
comment on column outage_node.is_own is 'whether only what hangs on it directly is off, not all below it';

create index network_node_parent_code on network_node (parent_code);

-- What was said and is not told yet: the event that it will be, and what that changes.
create table pending_change (
  outage_id uuid not null,
  position smallint not null,
  type text not null,
  reason text not null,
  node_ids text[] not null,
  except_node_ids text[] not null,
  cause text,
  starts_at timestamptz,
  estimated_restoration_at timestamptz,
  estimate_source text,
  restored_at timestamptz,
  said_at timestamptz not null,
  taken_at timestamptz not null,
  due_at timestamptz not null,
  traceparent text,
  constraint pending_change_pkey primary key (outage_id, position),
  constraint pending_change_outage_fkey foreign key (outage_id) references outage (id),
  constraint pending_change_reason_check check (reason in ('undo-window', 'hold-down', 'confirmed'))
);
create index pending_change_due_at on pending_change (due_at);
comment on column pending_change.traceparent is 'W3C trace context of what said it; null where that was not traced';

-- An outage that is opened again, or confirmed, may be said under another id of the control room.
alter table control_room_outage drop constraint control_room_outage_outage_id_key;
