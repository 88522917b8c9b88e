-- A run tells one revision of one thread to an audience (see docs: notifier protocol, ADR 0004).

create table run (
  run_id        uuid        not null,
  thread_id     text        not null,
  revision      bigint      not null,
  kind          text        not null,
  run_day       date        not null,
  state         text        not null,
  state_reason  text        null,
  lane          smallint    not null,
  facts         jsonb       not null,
  not_after     timestamptz not null,
  audience_size integer     not null,
  traceparent   text        null,
  planned_at    timestamptz not null,
  ended_at      timestamptz null,
  constraint run_pk primary key (run_id),
  constraint run_thread_revision_key unique (thread_id, revision),
  constraint run_kind_known check (kind in ('planned', 'unplanned', 'estimate', 'restored')),
  constraint run_state_known check (state in ('open', 'held', 'refused', 'superseded', 'complete'))
);
create index run_open on run (lane, planned_at) where state in ('open', 'superseded') and ended_at is null;

create table run_scope (
  run_id  uuid not null,
  node_id text not null,
  constraint run_scope_pk primary key (run_id, node_id),
  constraint run_scope_run_fk foreign key (run_id) references run on delete cascade
);

-- Mobiles that hear first, because a hospital, waterworks or life-support connection hangs on them: chunk 0.
create table run_first (
  run_id       uuid   not null,
  mobile_index bigint not null,
  constraint run_first_pk primary key (run_id, mobile_index),
  constraint run_first_run_fk foreign key (run_id) references run on delete cascade
);

-- Chunk 0 has no range: it is the mobiles of run_first. The ranges of the others are closed and cover every key.
create table chunk (
  run_id       uuid        not null,
  chunk_no     integer     not null,
  range_from   bigint      null,
  range_to     bigint      null,
  state        text        not null default 'waiting',
  carriers     integer     null,
  cursor       integer     not null default 0,
  epoch        integer     not null default 0,
  leased_until timestamptz null,
  constraint chunk_pk primary key (run_id, chunk_no),
  constraint chunk_run_fk foreign key (run_id) references run on delete cascade,
  constraint chunk_state_known check (state in ('waiting', 'expanded', 'done')),
  constraint chunk_range_complete check ((range_from is null) = (range_to is null) and (chunk_no = 0) = (range_from is null)),
  constraint chunk_cursor_in_chunk check (cursor >= 0 and cursor <= coalesce(carriers, 0))
);
create index chunk_unfinished on chunk (run_id) where state <> 'done';

-- Every affected contact, once per run. fate: carrier (gets the text), coalesced (another row of the same mobile
-- carries it; seq is the carrier's), skipped (reason says why).
create table ledger (
  run_day        date     not null,
  run_id         uuid     not null,
  connection_id  uuid     not null,
  contact_no     integer  not null,
  mobile_index   bigint   not null,
  chunk_no       integer  not null,
  seq            integer  null,
  fate           text     not null,
  reason         text     null,
  template_key   text     null,
  language       text     not null,
  account_number text     not null,
  is_critical    boolean  not null,
  sealed_number  bytea    null,
  seal_key_id    text     null,
  constraint ledger_pk primary key (run_day, run_id, connection_id, contact_no, mobile_index),
  constraint ledger_fate_known check (fate in ('carrier', 'coalesced', 'skipped')),
  constraint ledger_skip_named check ((fate = 'skipped') = (reason is not null)),
  constraint ledger_text_named check ((fate = 'carrier') = (template_key is not null)),
  constraint ledger_seq_given check ((fate = 'skipped') = (seq is null))
) partition by range (run_day);
create index ledger_by_chunk on ledger (run_id, chunk_no);

-- One row per message part and outcome, only ever added. epoch tells a late commit of an earlier holder apart.
create table attempt (
  run_day             date        not null,
  run_id              uuid        not null,
  chunk_no            integer     not null,
  seq                 integer     not null,
  part_no             smallint    not null,
  epoch               integer     not null,
  outcome             text        not null,
  smpp_status         integer     null,
  provider            text        not null,
  provider_message_id text        null,
  recorded_at         timestamptz not null,
  constraint attempt_outcome_known check (outcome in ('accepted', 'rejected', 'unsent', 'in-doubt'))
) partition by range (run_day);
create index attempt_not_told on attempt (run_id, chunk_no, seq) where outcome in ('rejected', 'unsent');

create table receipt (
  arrival_day         date        not null,
  arrived_at          timestamptz not null,
  provider            text        not null,
  provider_message_id text        not null,
  stat                text        not null,
  error_code          text        null,
  run_day             date        not null,
  run_id              uuid        not null,
  chunk_no            integer     not null,
  seq                 integer     not null,
  part_no             smallint    not null
) partition by range (arrival_day);

-- Receipts that matched nothing when they came: before their submit response was known, or after a restart.
create table orphan_receipt (
  orphan_id           bigint generated always as identity,
  arrived_at          timestamptz not null,
  provider            text        not null,
  provider_message_id text        not null,
  stat                text        not null,
  error_code          text        null,
  mobile_index        bigint      null,
  given_up_at         timestamptz null,
  constraint orphan_receipt_pk primary key (orphan_id)
);
create index orphan_receipt_waiting on orphan_receipt (provider_message_id) where given_up_at is null;

-- Live counts are sums of these.
create table count_delta (
  run_id   uuid        not null,
  chunk_no integer     not null,
  measure  text        not null,
  n        bigint      not null,
  at       timestamptz not null default now()
);
create index count_delta_by_run on count_delta (run_id);

-- The stop switch: the newest row holds.
create table sending_switch (
  change_id  bigint generated always as identity,
  is_stopped boolean     not null,
  reason     text        not null,
  changed_by text        not null,
  changed_at timestamptz not null default now(),
  constraint sending_switch_pk primary key (change_id)
);
insert into sending_switch (is_stopped, reason, changed_by) values (false, 'first start', 'migration');

create function sending_is_stopped() returns boolean
  language sql stable
  return (select s.is_stopped from sending_switch s order by s.change_id desc limit 1);

-- Makes the partitions of one day. The working role has no right to create tables; this function lends it just that.
create function open_day(day date) returns void
  language plpgsql security definer set search_path = pg_catalog, public
as $$
declare
  suffix text := to_char(day, 'YYYYMMDD');
begin
  perform pg_advisory_xact_lock(hashtext('open_day'));
  execute format('create table if not exists public.%I partition of public.ledger for values from (%L) to (%L)', 'ledger_' || suffix, day, day + 1);
  execute format('create table if not exists public.%I partition of public.attempt for values from (%L) to (%L)', 'attempt_' || suffix, day, day + 1);
  execute format('create table if not exists public.%I partition of public.receipt for values from (%L) to (%L)', 'receipt_' || suffix, day, day + 1);
end
$$;
