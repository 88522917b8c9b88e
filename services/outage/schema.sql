create table control_room_event (
  event_id uuid not null,
  source_id text not null,
  type text not null,
  taken_at timestamp with time zone not null,
  trace_id text,
  is_unchanged boolean default false not null,
  constraint control_room_event_outage_fkey FOREIGN KEY (source_id) REFERENCES control_room_outage(source_id),
  constraint control_room_event_pkey PRIMARY KEY (event_id)
);
CREATE INDEX control_room_event_source_id ON public.control_room_event USING btree (source_id);
CREATE INDEX control_room_event_taken_at ON public.control_room_event USING btree (taken_at, event_id);

create table control_room_outage (
  source_id text not null,
  outage_id uuid not null,
  constraint control_room_outage_outage_fkey FOREIGN KEY (outage_id) REFERENCES outage(id),
  constraint control_room_outage_outage_id_key UNIQUE (outage_id),
  constraint control_room_outage_pkey PRIMARY KEY (source_id)
);

create table network_node (
  code text not null,
  version bigint not null,
  kind text not null,
  parent_code text,
  name_en text not null,
  name_hi text not null,
  constraint network_node_pkey PRIMARY KEY (code)
);

create table outage (
  id uuid not null,
  version integer not null,
  kind text not null,
  status text not null,
  cause text not null,
  starts_at timestamp with time zone not null,
  estimated_restoration_at timestamp with time zone not null,
  restored_at timestamp with time zone,
  constraint outage_kind CHECK ((kind = ANY (ARRAY['planned'::text, 'unplanned'::text]))),
  constraint outage_pkey PRIMARY KEY (id),
  constraint outage_restored_at CHECK (((status = 'restored'::text) = (restored_at IS NOT NULL))),
  constraint outage_status CHECK ((status = ANY (ARRAY['announced'::text, 'open'::text, 'restored'::text]))),
  constraint outage_version CHECK ((version >= 1))
);
CREATE INDEX outage_status_id ON public.outage USING btree (status, id);

create table outage_event (
  outage_id uuid not null,
  version integer not null,
  event_id uuid not null,
  type text not null,
  occurred_at timestamp with time zone not null,
  trace_id text,
  constraint outage_event_event_id_key UNIQUE (event_id),
  constraint outage_event_outage_fkey FOREIGN KEY (outage_id) REFERENCES outage(id),
  constraint outage_event_pkey PRIMARY KEY (outage_id, version)
);

create table outage_node (
  outage_id uuid not null,
  position smallint not null,
  node_id text not null,
  constraint outage_node_once UNIQUE (outage_id, node_id),
  constraint outage_node_outage_fkey FOREIGN KEY (outage_id) REFERENCES outage(id),
  constraint outage_node_pkey PRIMARY KEY (outage_id, "position")
);
CREATE INDEX outage_node_node_id ON public.outage_node USING btree (node_id);
