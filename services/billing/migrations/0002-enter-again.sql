-- What was taken back may come again under its number: a cheque that is paid in once more, a bill that is issued anew. Each time is a cycle
-- of its own, and in each it is entered once and taken back once.
alter table entry
  add column cycle integer not null default 1,
  drop constraint entry_once,
  drop constraint entry_amount,
  add constraint entry_cycle_check check (cycle >= 1),
  -- A month without charge is billed all the same; who pays nothing has not paid.
  add constraint entry_amount_check check (amount_paise > 0 or amount_paise = 0 and type in ('BillGenerated', 'BillCancelled'));
create unique index entry_once on entry (reference, account_id, type, cycle);
comment on column entry.cycle is 'how often this bill or payment was entered or taken back until then, this time counted';

-- Two payments under one number differ in when they happened. Both may wait. What was told without a time is taken in its order, so it may
-- wait several times (flows/keep-waiting.ts keeps it once in a row); of before it is known by having happened when it was heard.
alter table waiting_event
  drop constraint waiting_event_once,
  add column is_dated boolean not null default true;
update waiting_event set is_dated = false where occurred_at = heard_at;
create unique index waiting_event_once
  on waiting_event (account_number, type, reference, amount_paise, issued_on, due_on, occurred_at) nulls not distinct where is_dated;
create index waiting_event_account_number on waiting_event (account_number, reference);
comment on column waiting_event.is_dated is 'false where no time was told: it happened when it was heard, and is taken in its order';
drop index waiting_event_account_id;
create index waiting_event_account_id on waiting_event (account_id)
  where reason in ('unknown-payment', 'unknown-bill', 'not-taken-back', 'not-entered-again');
comment on column waiting_event.reason is 'unknown-account, unknown-payment, unknown-bill: what it waits for; not-taken-back, not-entered-again: that what has its reference is taken back, or entered again; any other code is why it was refused when that came: for a person';

-- What the billing system told and what was so before. Kept for a few days, so that somebody who misses an entry finds why there is none.
create table unchanged_event (
  id bigint generated always as identity,
  event_id uuid not null,
  account_id uuid not null,
  type text not null,
  reference text not null,
  heard_at timestamptz not null,
  trace_id text,
  constraint unchanged_event_pkey primary key (id)
);
create index unchanged_event_heard_at on unchanged_event (heard_at);
create index unchanged_event_reference on unchanged_event (reference, id);
comment on column unchanged_event.event_id is 'the event of the billing system';
