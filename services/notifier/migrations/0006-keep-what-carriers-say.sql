-- What an SMSC says is kept as it may come: statuses are 4 octets unsigned, and a receipt may name two messages and two addresses.

-- The second id and the other address of a receipt that matched nothing yet: either may be the one that fits. Before attempt, in the
-- order in which the matching of receipts takes the two.
alter table orphan_receipt add column other_message_id text null;
alter table orphan_receipt add column other_mobile_index bigint null;

-- Written from now on, in place of smpp_status, which code from before still writes. To make that one larger would write every
-- attempt anew while nothing is sent: 6 to 9 s for 1.5 million.
alter table attempt add column command_status bigint null;

-- What was said and cannot be stored where it belongs: an outcome of a submit, or a receipt. reason is what PostgreSQL says of it.
create table parked_item (
  parked_id bigint generated always as identity,
  kind      text        not null,
  reason    text        not null,
  item      jsonb       not null,
  parked_at timestamptz not null default now(),
  constraint parked_item_pkey primary key (parked_id),
  constraint parked_item_kind_check check (kind in ('outcome', 'receipt'))
);
-- What is old is found without a look at the rest, which an odd carrier may make long.
create index parked_item_by_time on parked_item (parked_at);
