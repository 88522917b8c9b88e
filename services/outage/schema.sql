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
CREATE INDEX network_node_parent_code ON public.network_node USING btree (parent_code);

create table outage (
  id uuid not null,
  version integer not null,
  kind text not null,
  status text not null,
  cause text not null,
  starts_at timestamp with time zone not null,
  estimated_restoration_at timestamp with time zone not null,
  restored_at timestamp with time zone,
  estimate_source text,
  opened_node_ids text[] default '{}'::text[] not null,
  opened_except_node_ids text[] default '{}'::text[] not null,
  drafted_by text,
  approved_by text,
  is_confirmed boolean default true not null,
  alarmed_estimate_at timestamp with time zone,
  constraint outage_approval_check CHECK (((approved_by IS NULL) OR (drafted_by IS NOT NULL))),
  constraint outage_estimate_source_check CHECK ((estimate_source = ANY (ARRAY['crew'::text, 'control-room'::text, 'cause-default'::text, 'storm'::text]))),
  constraint outage_kind CHECK ((kind = ANY (ARRAY['planned'::text, 'unplanned'::text]))),
  constraint outage_pkey PRIMARY KEY (id),
  constraint outage_planned_check CHECK (((kind = 'planned'::text) OR (status <> ALL (ARRAY['draft'::text, 'approved'::text, 'announced'::text, 'cancelled'::text])))),
  constraint outage_restored_at CHECK (((status = 'restored'::text) = (restored_at IS NOT NULL))),
  constraint outage_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'approved'::text, 'unconfirmed'::text, 'dropped'::text, 'announced'::text, 'open'::text, 'restored'::text, 'cancelled'::text]))),
  constraint outage_version_check CHECK (((version >= 0) AND ((version = 0) = (status = ANY (ARRAY['draft'::text, 'approved'::text, 'unconfirmed'::text, 'dropped'::text])))))
);
CREATE INDEX outage_announced_start ON public.outage USING btree (starts_at) WHERE (status = 'announced'::text);
CREATE INDEX outage_open_estimate ON public.outage USING btree (estimated_restoration_at) WHERE (status = 'open'::text);
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
  is_own boolean default false not null,
  constraint outage_node_once UNIQUE (outage_id, node_id),
  constraint outage_node_outage_fkey FOREIGN KEY (outage_id) REFERENCES outage(id),
  constraint outage_node_pkey PRIMARY KEY (outage_id, "position")
);
CREATE INDEX outage_node_node_id ON public.outage_node USING btree (node_id);

create table pending_change (
  outage_id uuid not null,
  position smallint not null,
  type text not null,
  reason text not null,
  node_ids text[] not null,
  except_node_ids text[] not null,
  cause text,
  starts_at timestamp with time zone,
  estimated_restoration_at timestamp with time zone,
  estimate_source text,
  restored_at timestamp with time zone,
  said_at timestamp with time zone not null,
  taken_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  traceparent text,
  constraint pending_change_outage_fkey FOREIGN KEY (outage_id) REFERENCES outage(id),
  constraint pending_change_pkey PRIMARY KEY (outage_id, "position"),
  constraint pending_change_reason_check CHECK ((reason = ANY (ARRAY['undo-window'::text, 'hold-down'::text, 'confirmed'::text])))
);
CREATE INDEX pending_change_due_at ON public.pending_change USING btree (due_at);
