create table closing_proof (
  complaint_id uuid not null,
  cycle integer not null,
  proof text not null,
  asked_at timestamp with time zone not null,
  asked_how text not null,
  asked_by_event uuid not null,
  answer_due_at timestamp with time zone not null,
  closed_at timestamp with time zone not null,
  constraint closing_proof_complaint_fkey FOREIGN KEY (complaint_id) REFERENCES complaint(id),
  constraint closing_proof_known CHECK ((proof = ANY (ARRAY['consumer-confirmed'::text, 'time-out'::text]))),
  constraint closing_proof_pkey PRIMARY KEY (complaint_id, cycle),
  constraint closing_proof_time_out_was_due CHECK (((proof <> 'time-out'::text) OR (closed_at >= answer_due_at)))
);

create table complaint (
  id uuid not null,
  complaint_number text not null,
  version integer not null,
  connection_id uuid not null,
  account_number text not null,
  kind text not null,
  area text not null,
  status text not null,
  cycle integer not null,
  lodged_at timestamp with time zone not null,
  due_at timestamp with time zone,
  outage_id uuid,
  cause text,
  estimated_restoration_at timestamp with time zone,
  office_code text,
  escalation_level integer not null,
  joined_count integer not null,
  asked_at timestamp with time zone,
  asked_how text,
  asked_by_event uuid,
  answer_due_at timestamp with time zone,
  proof text,
  closed_at timestamp with time zone,
  constraint complaint_answer CHECK ((num_nonnulls(outage_id, cause, estimated_restoration_at) =
CASE status
    WHEN 'answered'::text THEN 3
    ELSE 0
END)),
  constraint complaint_area CHECK ((area = ANY (ARRAY['town'::text, 'village'::text]))),
  constraint complaint_asked_how CHECK ((asked_how = 'sms'::text)),
  constraint complaint_clock CHECK (((status = ANY (ARRAY['lodged'::text, 'assigned'::text, 'in-progress'::text, 'reopened'::text])) = (due_at IS NOT NULL))),
  constraint complaint_closed_has_proof CHECK ((((status = 'closed'::text) = (proof IS NOT NULL)) AND ((status = 'closed'::text) = (closed_at IS NOT NULL)))),
  constraint complaint_kind CHECK ((kind = ANY (ARRAY['no-supply'::text, 'fuse-off'::text, 'transformer-failure'::text, 'low-voltage'::text, 'meter-fault'::text, 'wrong-bill'::text, 'other'::text]))),
  constraint complaint_number_form CHECK ((complaint_number ~ '^CMP-[0-9]{4}-[0-9]{7}$'::text)),
  constraint complaint_number_key UNIQUE (complaint_number),
  constraint complaint_office CHECK (((status <> ALL (ARRAY['assigned'::text, 'in-progress'::text])) OR (office_code IS NOT NULL))),
  constraint complaint_office_form CHECK ((office_code ~ '^[A-Z0-9-]{2,20}$'::text)),
  constraint complaint_pkey PRIMARY KEY (id),
  constraint complaint_proof CHECK ((proof = ANY (ARRAY['consumer-confirmed'::text, 'time-out'::text]))),
  constraint complaint_question CHECK ((num_nonnulls(asked_at, asked_how, asked_by_event, answer_due_at) =
CASE
    WHEN (status = ANY (ARRAY['resolved'::text, 'closed'::text])) THEN 4
    ELSE 0
END)),
  constraint complaint_status CHECK ((status = ANY (ARRAY['lodged'::text, 'answered'::text, 'assigned'::text, 'in-progress'::text, 'resolved'::text, 'reopened'::text, 'closed'::text]))),
  constraint complaint_time_out_was_due CHECK (((proof <> 'time-out'::text) OR (closed_at >= answer_due_at))),
  constraint complaint_version CHECK (((version >= 1) AND (cycle >= 1) AND (escalation_level >= 0) AND (joined_count >= 0)))
);
CREATE INDEX complaint_answer_due_at ON public.complaint USING btree (answer_due_at) WHERE (status = 'resolved'::text);
CREATE INDEX complaint_answered ON public.complaint USING btree (connection_id, outage_id) WHERE (status = 'answered'::text);
CREATE INDEX complaint_connection_id ON public.complaint USING btree (connection_id, id);
CREATE INDEX complaint_due_at ON public.complaint USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX complaint_office_id ON public.complaint USING btree (office_code, id);
CREATE UNIQUE INDEX complaint_one_open ON public.complaint USING btree (connection_id, kind) WHERE (status <> ALL (ARRAY['answered'::text, 'closed'::text]));
CREATE INDEX complaint_status_id ON public.complaint USING btree (status, id);

create table complaint_event (
  complaint_id uuid not null,
  version integer not null,
  event_id uuid not null,
  type text not null,
  cycle integer not null,
  status text not null,
  office_code text,
  due_at timestamp with time zone,
  occurred_at timestamp with time zone not null,
  trace_id text,
  constraint complaint_event_complaint_fkey FOREIGN KEY (complaint_id) REFERENCES complaint(id),
  constraint complaint_event_event_id_key UNIQUE (event_id),
  constraint complaint_event_pkey PRIMARY KEY (complaint_id, version)
);
CREATE UNIQUE INDEX complaint_event_once_a_cycle ON public.complaint_event USING btree (complaint_id, cycle, type) WHERE (type = ANY (ARRAY['ComplaintResolved'::text, 'ComplaintClosed'::text]));

create table complaint_year (
  year smallint not null,
  latest integer not null,
  constraint complaint_year_pkey PRIMARY KEY (year),
  constraint complaint_year_seven_digits CHECK (((latest >= 1) AND (latest <= 9999999)))
);

create table connection (
  connection_id uuid not null,
  version bigint not null,
  account_number text,
  node_code text,
  state text not null,
  constraint connection_erased CHECK (((state = 'erased'::text) = (account_number IS NULL))),
  constraint connection_pkey PRIMARY KEY (connection_id)
);
CREATE INDEX connection_account_number ON public.connection USING btree (account_number);

create table former_account_number (
  account_number text not null,
  connection_id uuid not null,
  constraint former_account_number_pkey PRIMARY KEY (account_number)
);
CREATE INDEX former_account_number_connection_id ON public.former_account_number USING btree (connection_id);

create table network_node (
  code text not null,
  version bigint not null,
  parent_code text,
  constraint network_node_pkey PRIMARY KEY (code)
);

create table outage (
  outage_id uuid not null,
  version bigint not null,
  kind text not null,
  status text not null,
  cause text not null,
  starts_at timestamp with time zone not null,
  estimated_restoration_at timestamp with time zone not null,
  constraint outage_pkey PRIMARY KEY (outage_id)
);

create table outage_node (
  node_code text not null,
  outage_id uuid not null,
  is_own boolean default false not null,
  constraint outage_node_outage_fkey FOREIGN KEY (outage_id) REFERENCES outage(outage_id),
  constraint outage_node_pkey PRIMARY KEY (node_code, outage_id)
);
CREATE INDEX outage_node_outage_id ON public.outage_node USING btree (outage_id);
