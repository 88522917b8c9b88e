CREATE OR REPLACE FUNCTION public.close_day(before date)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
 SET lock_timeout TO '2s'
AS $function$
declare
  oldest text;
  part   record;
begin
  select min(right(c.relname, 8)) into oldest
    from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
   where p.relnamespace = 'public'::regnamespace and c.relname ~ '_[0-9]{8}$';
  if oldest is null or to_date(oldest, 'YYYYMMDD') >= before then return 0; end if;
  for part in
    select p.relname as parent, c.relname as child
      from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
     where p.relnamespace = 'public'::regnamespace and right(c.relname, 8) = oldest
  loop
    execute format('alter table public.%I detach partition public.%I', part.parent, part.child);
    execute format('drop table public.%I', part.child);
  end loop;
  return 1;
end
$function$
;

CREATE OR REPLACE FUNCTION public.open_day(day date)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
declare
  suffix text := to_char(day, 'YYYYMMDD');
  parent text;
  child  text;
begin
  perform pg_advisory_xact_lock(hashtext('open_day'));
  foreach parent in array array['ledger', 'accepted_pack', 'message_state', 'receipt_pack', 'chunk_end', 'count_change'] loop
    child := parent || '_' || suffix;
    continue when to_regclass('public.' || child) is not null;
    execute format('create table public.%I (like public.%I including all)', child, parent);
    execute format('alter table public.%I attach partition public.%I for values from (%L) to (%L)', parent, child, day, day + 1);
  end loop;
end
$function$
;

CREATE OR REPLACE FUNCTION public.sending_is_stopped()
 RETURNS boolean
 LANGUAGE sql
 STABLE
RETURN (SELECT s.is_stopped FROM sending_switch s ORDER BY s.change_id DESC LIMIT 1)
;

create table accepted_pack (
  run_day date not null,
  run_id uuid not null,
  chunk_no integer not null,
  epoch integer not null,
  provider text not null,
  recorded_at timestamp with time zone not null,
  parts smallint not null,
  seqs integer[] not null,
  message_ids text[] not null
) partition by range (run_day);
CREATE INDEX accepted_pack_by_chunk ON ONLY public.accepted_pack USING btree (run_id, chunk_no);

create table account_bucket (
  provider text not null,
  tokens double precision not null,
  filled_at timestamp with time zone not null,
  share double precision not null,
  short_at double precision,
  granted_at double precision[] default '{}'::double precision[] not null,
  granted_parts double precision[] default '{}'::double precision[] not null,
  left_by double precision[] default '{}'::double precision[] not null,
  constraint account_bucket_pkey PRIMARY KEY (provider)
);

create table attempt (
  run_day date not null,
  run_id uuid not null,
  chunk_no integer not null,
  seq integer not null,
  part_no smallint not null,
  epoch integer not null,
  outcome text not null,
  smpp_status integer,
  provider text not null,
  provider_message_id text,
  recorded_at timestamp with time zone not null,
  settles text,
  command_status bigint,
  constraint attempt_outcome_known CHECK ((outcome = ANY (ARRAY['accepted'::text, 'rejected'::text, 'unsent'::text, 'in-doubt'::text]))),
  constraint attempt_settles_known CHECK ((settles = ANY (ARRAY['accepted'::text, 'rejected'::text, 'in-doubt'::text, 'superseded'::text, 'stale'::text])))
) partition by range (run_day);
CREATE INDEX attempt_not_told ON ONLY public.attempt USING btree (run_id, chunk_no, seq) WHERE (outcome = ANY (ARRAY['rejected'::text, 'unsent'::text]));

create table audience (
  connection_id uuid not null,
  contact_no integer not null,
  node_id text not null,
  account_number text not null,
  is_critical boolean not null,
  connection_state text not null,
  mobile_index bigint not null,
  sealed_number bytea,
  seal_key_id text,
  number_state text not null,
  language text not null,
  wants_outages boolean not null,
  wants_billing boolean not null,
  wants_complaints boolean not null,
  constraint audience_pk PRIMARY KEY (connection_id, contact_no),
  constraint audience_seal_complete CHECK (((sealed_number IS NULL) = (seal_key_id IS NULL))),
  constraint audience_seal_length CHECK (((sealed_number IS NULL) OR (octet_length(sealed_number) = 16)))
);
CREATE INDEX audience_by_mobile ON public.audience USING btree (mobile_index);
CREATE INDEX audience_by_node ON public.audience USING btree (node_id, mobile_index);
CREATE INDEX audience_critical ON public.audience USING btree (node_id) WHERE is_critical;

create table audience_version (
  connection_id uuid not null,
  version bigint not null,
  constraint audience_version_pk PRIMARY KEY (connection_id)
);

create table chunk (
  run_id uuid not null,
  chunk_no integer not null,
  range_from bigint,
  range_to bigint,
  state text default 'waiting'::text not null,
  carriers integer,
  cursor integer default 0 not null,
  epoch integer default 0 not null,
  leased_until timestamp with time zone,
  holder_id uuid,
  told_no bigint,
  part_stride smallint default 1 not null,
  mobiles bigint[],
  not_before timestamp with time zone,
  says_back boolean default false not null,
  never_told integer,
  constraint chunk_cursor_in_chunk CHECK (((cursor >= 0) AND (cursor <= COALESCE(carriers, 0)))),
  constraint chunk_pk PRIMARY KEY (run_id, chunk_no),
  constraint chunk_range_check CHECK ((((range_from IS NULL) = (range_to IS NULL)) AND ((chunk_no <> 0) OR (range_from IS NULL)) AND ((mobiles IS NULL) OR (range_from IS NULL)))),
  constraint chunk_run_fk FOREIGN KEY (run_id) REFERENCES run(run_id) ON DELETE CASCADE,
  constraint chunk_state_known CHECK ((state = ANY (ARRAY['waiting'::text, 'expanded'::text, 'done'::text])))
);
CREATE INDEX chunk_unfinished ON public.chunk USING btree (run_id) WHERE (state <> 'done'::text);

create table chunk_end (
  run_day date not null,
  run_id uuid not null,
  chunk_no integer not null,
  known bytea default '\x'::bytea not null,
  other bytea default '\x'::bytea not null,
  constraint chunk_end_pkey PRIMARY KEY (run_day, run_id, chunk_no)
) partition by range (run_day);

create table count_change (
  run_day date not null,
  run_id uuid not null,
  chunk_no integer not null,
  measure text not null,
  n bigint not null
) partition by range (run_day);
CREATE INDEX count_change_by_run ON ONLY public.count_change USING btree (run_id);

create table count_delta (
  run_id uuid not null,
  chunk_no integer not null,
  measure text not null,
  n bigint not null,
  at timestamp with time zone default now() not null
);
CREATE INDEX count_delta_by_run ON public.count_delta USING btree (run_id);

create table holder (
  holder_id uuid not null,
  beat bigint not null,
  leased_until timestamp with time zone not null,
  outcome_flush bigint default 0 not null,
  constraint holder_pkey PRIMARY KEY (holder_id)
);

create table ledger (
  run_day date not null,
  run_id uuid not null,
  connection_id uuid not null,
  contact_no integer not null,
  mobile_index bigint not null,
  chunk_no integer not null,
  seq integer,
  fate text not null,
  reason text,
  template_key text,
  language text not null,
  account_number text not null,
  sealed_number bytea,
  seal_key_id text,
  subject text,
  reference text,
  subject_version bigint,
  payload jsonb,
  claim_no integer,
  named_account text,
  constraint ledger_fate_known CHECK ((fate = ANY (ARRAY['carrier'::text, 'coalesced'::text, 'skipped'::text]))),
  constraint ledger_personal_whole CHECK ((((subject IS NULL) = (reference IS NULL)) AND ((subject IS NULL) = (subject_version IS NULL)) AND ((subject IS NULL) = (payload IS NULL)))),
  constraint ledger_pkey PRIMARY KEY (run_day, run_id, connection_id, contact_no),
  constraint ledger_seq_given CHECK (((fate = 'skipped'::text) = (seq IS NULL))),
  constraint ledger_skip_named CHECK (((fate = 'skipped'::text) = (reason IS NOT NULL))),
  constraint ledger_text_named CHECK (((fate = 'carrier'::text) = (template_key IS NOT NULL)))
) partition by range (run_day);
CREATE INDEX ledger_answer ON ONLY public.ledger USING btree (((payload ->> 'outageId'::text))) WHERE (subject = 'complaint-answered'::text);
CREATE INDEX ledger_by_mobile ON ONLY public.ledger USING btree (run_id, mobile_index);
CREATE INDEX ledger_partly ON ONLY public.ledger USING btree (run_id, chunk_no, seq) WHERE (template_key ~~ 'partly.%'::text);
CREATE INDEX ledger_personal ON ONLY public.ledger USING btree (connection_id) WHERE (subject IS NOT NULL);

create table message_state (
  run_day date not null,
  run_id uuid not null,
  chunk_no integer not null,
  seq integer not null,
  send_no smallint not null,
  epoch integer not null,
  state text not null,
  command_status bigint,
  provider text not null,
  message_ids text[],
  recorded_at timestamp with time zone not null,
  constraint message_state_state_check CHECK ((state = ANY (ARRAY['underway'::text, 'ambiguous'::text, 'returned'::text, 'deferred'::text, 'blocked'::text, 'rejected'::text, 'accepted'::text, 'in-doubt'::text, 'superseded'::text, 'stale'::text, 'unrenderable'::text])))
) partition by range (run_day);
CREATE INDEX message_state_by_message ON ONLY public.message_state USING btree (run_id, chunk_no, seq);
CREATE INDEX message_state_doubtful ON ONLY public.message_state USING btree (run_id) WHERE (state = ANY (ARRAY['ambiguous'::text, 'in-doubt'::text]));

create table network_node (
  node_id text not null,
  parent_id text,
  kind text not null,
  valid_from timestamp with time zone not null,
  version bigint not null,
  path text[] default '{}'::text[] not null,
  constraint network_node_pk PRIMARY KEY (node_id)
);
CREATE INDEX network_node_by_parent ON public.network_node USING btree (parent_id);

create table orphan_receipt (
  orphan_id bigint generated always as identity not null,
  arrived_at timestamp with time zone not null,
  provider text not null,
  provider_message_id text not null,
  stat text not null,
  error_code text,
  mobile_index bigint,
  given_up_at timestamp with time zone,
  other_message_id text,
  other_mobile_index bigint,
  tries smallint default 0 not null,
  due_at timestamp with time zone default now() not null,
  constraint orphan_receipt_pk PRIMARY KEY (orphan_id)
);
CREATE INDEX orphan_receipt_due ON public.orphan_receipt USING btree (due_at) WHERE (given_up_at IS NULL);
CREATE INDEX orphan_receipt_waiting ON public.orphan_receipt USING btree (provider_message_id) WHERE (given_up_at IS NULL);

create table outage_node (
  outage_id uuid not null,
  node_id text not null,
  is_own boolean not null,
  constraint outage_node_outage_fkey FOREIGN KEY (outage_id) REFERENCES outage_now(outage_id) ON DELETE CASCADE,
  constraint outage_node_pkey PRIMARY KEY (outage_id, node_id, is_own)
);
CREATE INDEX outage_node_by_node ON public.outage_node USING btree (node_id);

create table outage_now (
  outage_id uuid not null,
  version bigint not null,
  kind text not null,
  cause text not null,
  is_off boolean not null,
  is_window boolean not null,
  starts_at timestamp with time zone not null,
  until timestamp with time zone not null,
  heard_at timestamp with time zone not null,
  constraint outage_now_pkey PRIMARY KEY (outage_id)
);
CREATE INDEX outage_now_standing ON public.outage_now USING btree (outage_id) WHERE (is_off OR is_window);

create table parked_item (
  parked_id bigint generated always as identity not null,
  kind text not null,
  reason text not null,
  item jsonb not null,
  parked_at timestamp with time zone default now() not null,
  constraint parked_item_kind_check CHECK ((kind = ANY (ARRAY['outcome'::text, 'receipt'::text]))),
  constraint parked_item_pkey PRIMARY KEY (parked_id)
);
CREATE INDEX parked_item_by_time ON public.parked_item USING btree (parked_at);

create table receipt (
  arrival_day date not null,
  arrived_at timestamp with time zone not null,
  provider text not null,
  provider_message_id text not null,
  stat text not null,
  error_code text,
  run_day date not null,
  run_id uuid not null,
  chunk_no integer not null,
  seq integer not null,
  part_no smallint not null
) partition by range (arrival_day);
CREATE INDEX receipt_by_message ON ONLY public.receipt USING btree (run_id, chunk_no, seq);

create table receipt_pack (
  arrival_day date not null,
  arrived_at timestamp with time zone not null,
  provider text not null,
  stat text not null,
  error_code text,
  run_day date not null,
  run_id uuid not null,
  chunk_no integer not null,
  part_no smallint not null,
  seqs integer[] not null
) partition by range (arrival_day);
CREATE INDEX receipt_pack_by_chunk ON ONLY public.receipt_pack USING btree (run_id, chunk_no);

create table run (
  run_id uuid not null,
  thread_id text not null,
  revision bigint not null,
  kind text not null,
  run_day date not null,
  state text not null,
  state_reason text,
  lane smallint not null,
  facts jsonb not null,
  not_after timestamp with time zone not null,
  audience_size integer not null,
  traceparent text,
  planned_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  node_ids text[] default '{}'::text[] not null,
  own_node_ids text[] default '{}'::text[] not null,
  counts jsonb default '{}'::jsonb not null,
  is_live boolean default false not null,
  has_untold boolean default true not null,
  constraint run_kind_check CHECK ((kind = ANY (ARRAY['planned'::text, 'unplanned'::text, 'estimate'::text, 'cancelled'::text, 'restored'::text, 'ended'::text, 'bill'::text, 'payment'::text, 'complaint'::text]))),
  constraint run_pk PRIMARY KEY (run_id),
  constraint run_state_known CHECK ((state = ANY (ARRAY['open'::text, 'held'::text, 'refused'::text, 'superseded'::text, 'complete'::text]))),
  constraint run_thread_revision_key UNIQUE (thread_id, revision)
);
CREATE INDEX run_held ON public.run USING btree (state, planned_at) WHERE (state = ANY (ARRAY['held'::text, 'refused'::text]));
CREATE INDEX run_live ON public.run USING btree (thread_id) WHERE is_live;
CREATE INDEX run_open ON public.run USING btree (lane, planned_at) WHERE ((state = ANY (ARRAY['open'::text, 'superseded'::text])) AND (ended_at IS NULL));

create table run_ask (
  ask_id bigint generated always as identity not null,
  run_id uuid not null,
  kind text not null,
  asked_by text not null,
  reason text not null,
  asked_at timestamp with time zone default now() not null,
  confirmed_by text,
  confirmed_at timestamp with time zone,
  constraint run_ask_kind_check CHECK ((kind = ANY (ARRAY['release'::text, 'recall'::text]))),
  constraint run_ask_pkey PRIMARY KEY (ask_id),
  constraint run_ask_run_fkey FOREIGN KEY (run_id) REFERENCES run(run_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX run_ask_open ON public.run_ask USING btree (run_id, kind) WHERE (confirmed_at IS NULL);

create table run_claim (
  run_id uuid not null,
  claim_no integer not null,
  kind text not null,
  outage_id uuid,
  cause text,
  starts_at timestamp with time zone,
  until timestamp with time zone,
  constraint run_claim_kind_check CHECK ((kind = ANY (ARRAY['off'::text, 'on'::text, 'window'::text, 'no-window'::text]))),
  constraint run_claim_pkey PRIMARY KEY (run_id, claim_no),
  constraint run_claim_run_fkey FOREIGN KEY (run_id) REFERENCES run(run_id) ON DELETE CASCADE
);
CREATE INDEX run_claim_by_outage ON public.run_claim USING btree (outage_id) WHERE (kind = 'off'::text);

create table run_first (
  run_id uuid not null,
  mobile_index bigint not null,
  constraint run_first_pk PRIMARY KEY (run_id, mobile_index),
  constraint run_first_run_fk FOREIGN KEY (run_id) REFERENCES run(run_id) ON DELETE CASCADE
);

create table run_later (
  run_id uuid not null,
  mobile_index bigint not null,
  came_later boolean default false not null,
  due_at timestamp with time zone,
  constraint run_later_pkey PRIMARY KEY (run_id, mobile_index),
  constraint run_later_run_fkey FOREIGN KEY (run_id) REFERENCES run(run_id) ON DELETE CASCADE
);

create table run_scope (
  run_id uuid not null,
  node_id text not null,
  constraint run_scope_pk PRIMARY KEY (run_id, node_id),
  constraint run_scope_run_fk FOREIGN KEY (run_id) REFERENCES run(run_id) ON DELETE CASCADE
);

create table run_wait (
  run_id uuid not null,
  for_run_id uuid not null,
  is_of_claim boolean default false not null,
  constraint run_wait_for_run_fkey FOREIGN KEY (for_run_id) REFERENCES run(run_id) ON DELETE CASCADE,
  constraint run_wait_pkey PRIMARY KEY (run_id, for_run_id),
  constraint run_wait_run_fkey FOREIGN KEY (run_id) REFERENCES run(run_id) ON DELETE CASCADE
);
CREATE INDEX run_wait_by_for_run ON public.run_wait USING btree (for_run_id);

create table sending_switch (
  change_id bigint generated always as identity not null,
  is_stopped boolean not null,
  reason text not null,
  changed_by text not null,
  changed_at timestamp with time zone default now() not null,
  constraint sending_switch_pk PRIMARY KEY (change_id)
);

create table withdrawn_message (
  run_id uuid not null,
  chunk_no integer not null,
  seq integer not null,
  reason text not null,
  withdrawn_at timestamp with time zone default now() not null,
  constraint withdrawn_message_pk PRIMARY KEY (run_id, chunk_no, seq),
  constraint withdrawn_message_run_fk FOREIGN KEY (run_id) REFERENCES run(run_id) ON DELETE CASCADE
);
