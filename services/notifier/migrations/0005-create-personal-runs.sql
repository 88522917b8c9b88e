-- Personal runs: every row of the ledger has its own facts (bills, payments, complaints), one chunk of many events.

-- What a contact agreed to hear besides outages. False until the registry says the connection again.
alter table audience add column wants_billing boolean not null default false;
alter table audience alter column wants_billing drop default;
alter table audience add column wants_complaints boolean not null default false;
alter table audience alter column wants_complaints drop default;

alter table run drop constraint run_kind_known;
alter table run add constraint run_kind_known
  check (kind in ('planned', 'unplanned', 'estimate', 'restored', 'bill', 'payment', 'complaint'));

-- subject says what the text is about (bill, payment, …), reference which one; subject_version is the account's or the
-- complaint's version that it tells. All null on the rows of outages.
alter table ledger add column subject text null;
alter table ledger add column reference text null;
alter table ledger add column subject_version bigint null;
alter table ledger add column payload jsonb null;
alter table ledger add constraint ledger_personal_whole
  check ((subject is null) = (reference is null) and (subject is null) = (subject_version is null) and (subject is null) = (payload is null));
create index ledger_personal on ledger (connection_id) where subject is not null;
create index ledger_answer on ledger ((payload ->> 'outageId')) where subject = 'complaint-answered';

-- Messages of personal runs that a later fact made false, or whose contact may not be told any more, before they left.
create table withdrawn_message (
  run_id       uuid        not null,
  chunk_no     integer     not null,
  seq          integer     not null,
  reason       text        not null,
  withdrawn_at timestamptz not null default now(),
  constraint withdrawn_message_pk primary key (run_id, chunk_no, seq),
  constraint withdrawn_message_run_fk foreign key (run_id) references run on delete cascade
);
