create table account (
  id uuid not null,
  heard_version bigint not null,
  account_number text,
  version integer default 0 not null,
  outstanding_paise bigint default 0 not null,
  constraint account_pkey PRIMARY KEY (id)
);

create table account_number (
  account_number text not null,
  account_id uuid not null,
  constraint account_number_pkey PRIMARY KEY (account_number) INCLUDE (account_id)
);
CREATE INDEX account_number_account_id ON public.account_number USING btree (account_id);

create table entry (
  account_id uuid not null,
  version integer not null,
  event_id uuid not null,
  type text not null,
  reference text not null,
  amount_paise bigint not null,
  outstanding_paise bigint not null,
  issued_on date,
  due_on date,
  occurred_at timestamp with time zone not null,
  entered_at timestamp with time zone default now() not null,
  trace_id text,
  cycle integer default 1 not null,
  constraint entry_amount_check CHECK (((amount_paise > 0) OR ((amount_paise = 0) AND (type = ANY (ARRAY['BillGenerated'::text, 'BillCancelled'::text]))))),
  constraint entry_cycle_check CHECK ((cycle >= 1)),
  constraint entry_pkey PRIMARY KEY (account_id, version),
  constraint entry_type CHECK ((type = ANY (ARRAY['BillGenerated'::text, 'PaymentReceived'::text, 'PaymentReversed'::text, 'BillCancelled'::text]))),
  constraint entry_version CHECK ((version >= 1))
);
CREATE UNIQUE INDEX entry_once ON public.entry USING btree (reference, account_id, type, cycle);

create table unchanged_event (
  id bigint generated always as identity not null,
  event_id uuid not null,
  account_id uuid not null,
  type text not null,
  reference text not null,
  heard_at timestamp with time zone not null,
  trace_id text,
  constraint unchanged_event_pkey PRIMARY KEY (id)
);
CREATE INDEX unchanged_event_heard_at ON public.unchanged_event USING btree (heard_at);
CREATE INDEX unchanged_event_reference ON public.unchanged_event USING btree (reference, id);

create table waiting_event (
  id bigint generated always as identity not null,
  event_id uuid not null,
  account_number text not null,
  account_id uuid,
  reason text not null,
  type text not null,
  reference text not null,
  amount_paise bigint,
  issued_on date,
  due_on date,
  occurred_at timestamp with time zone not null,
  heard_at timestamp with time zone not null,
  trace_id text,
  traceparent text,
  is_dated boolean default true not null,
  constraint waiting_event_event_id_key UNIQUE (event_id),
  constraint waiting_event_pkey PRIMARY KEY (id)
);
CREATE INDEX waiting_event_account_id ON public.waiting_event USING btree (account_id) WHERE (reason = ANY (ARRAY['unknown-payment'::text, 'unknown-bill'::text, 'not-taken-back'::text, 'not-entered-again'::text]));
CREATE INDEX waiting_event_account_number ON public.waiting_event USING btree (account_number, reference);
CREATE UNIQUE INDEX waiting_event_once ON public.waiting_event USING btree (account_number, type, reference, amount_paise, issued_on, due_on, occurred_at) NULLS NOT DISTINCT WHERE is_dated;
