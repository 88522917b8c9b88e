-- One account for each connection that the registry ever told of (consumer-registry.connection.v1), with what is outstanding on it. It
-- outlives its connection: what was billed and paid stays true when the connection is erased, without a number that leads to it. Pages are
-- half empty, so that a batch of bills for all accounts of a page finds room on it and touches no index.
create table account (
  id uuid not null,
  heard_version bigint not null,
  account_number text,
  version integer not null default 0,
  outstanding_paise bigint not null default 0,
  constraint account_pkey primary key (id)
) with (fillfactor = 45);
comment on column account.id is 'the connection whose account it is';
comment on column account.heard_version is 'newest version of the connection that was heard';
comment on column account.account_number is 'the number of today; null when the connection is erased';
comment on column account.version is 'number of its latest entry, 0 before the first';
comment on column account.outstanding_paise is 'the sum of its entries; below 0 is an advance';

-- Every number that ever was an account's: old ones keep working.
create table account_number (
  account_number text not null,
  account_id uuid not null,
  constraint account_number_pkey primary key (account_number) include (account_id)
);
create index account_number_account_id on account_number (account_id);

-- The ledger: written once, never changed. No foreign key to account: each row would look up and lock a row that its transaction holds
-- locked, for as much as half of what the row itself costs.
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
  occurred_at timestamptz not null,
  entered_at timestamptz not null default now(),
  trace_id text,
  constraint entry_pkey primary key (account_id, version),
  constraint entry_once unique (reference, account_id, type),
  constraint entry_version check (version >= 1),
  constraint entry_type check (type in ('BillGenerated', 'PaymentReceived', 'PaymentReversed', 'BillCancelled')),
  constraint entry_amount check (amount_paise > 0)
);
comment on column entry.event_id is 'the event of billing.account.v1 that told of it';
comment on column entry.outstanding_paise is 'outstanding on the account after this entry';
comment on column entry.trace_id is '32 hex digits; null where whoever told of it was not traced';

-- What cannot be entered yet, kept apart until what it waits for appears.
create table waiting_event (
  id bigint generated always as identity,
  event_id uuid not null,
  account_number text not null,
  account_id uuid,
  reason text not null,
  type text not null,
  reference text not null,
  amount_paise bigint,
  issued_on date,
  due_on date,
  occurred_at timestamptz not null,
  heard_at timestamptz not null,
  trace_id text,
  traceparent text,
  constraint waiting_event_pkey primary key (id),
  constraint waiting_event_event_id_key unique (event_id),
  constraint waiting_event_once unique nulls not distinct (account_number, type, reference, amount_paise, issued_on, due_on)
);
create index waiting_event_account_id on waiting_event (account_id) where reason in ('unknown-payment', 'unknown-bill');
comment on column waiting_event.event_id is 'the event of the billing system; for a request an id of our own';
comment on column waiting_event.account_id is 'null while the account is not known';
comment on column waiting_event.reason is 'unknown-account, unknown-payment, unknown-bill: what it waits for; any other code is why it was refused when that came: for a person';
comment on column waiting_event.traceparent is 'what becomes of it continues this; null where nothing does';
