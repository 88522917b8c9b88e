-- What the control room's own system tells us (control-room.outage.v1): which outage of ours is which of its own, and which of its events
-- were taken. Those that were refused are in dead_letter.
create table control_room_outage (
  source_id text not null,
  outage_id uuid not null,
  constraint control_room_outage_pkey primary key (source_id),
  constraint control_room_outage_outage_id_key unique (outage_id),
  constraint control_room_outage_outage_fkey foreign key (outage_id) references outage (id)
);
comment on column control_room_outage.source_id is 'the control room''s own id, opaque to us';

create table control_room_event (
  event_id uuid not null,
  source_id text not null,
  type text not null,
  taken_at timestamptz not null,
  trace_id text,
  constraint control_room_event_pkey primary key (event_id),
  constraint control_room_event_outage_fkey foreign key (source_id) references control_room_outage (source_id)
);
create index control_room_event_taken_at on control_room_event (taken_at, event_id);
create index control_room_event_source_id on control_room_event (source_id);
comment on column control_room_event.trace_id is '32 hex digits; null where it was not traced';
