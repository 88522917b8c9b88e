-- The notifier's own picture of who is supplied from where, kept from the registry's events.

create table network_node (
  node_id    text        not null,
  parent_id  text        null,
  kind       text        not null,
  valid_from timestamptz not null,
  version    bigint      not null,
  constraint network_node_pk primary key (node_id)
);
create index network_node_by_parent on network_node (parent_id);

-- One row per connection heard of: the version that decides whether an event is news.
create table audience_version (
  connection_id uuid   not null,
  version       bigint not null,
  constraint audience_version_pk primary key (connection_id)
);

-- One row per contact. A connection without any contact has one row with contact_no 0, so that it is counted.
-- mobile_index is the blind index of the number; where there is none it is drawn from the connection's id,
-- so that those without a number spread over the chunks like everybody else.
create table audience (
  connection_id    uuid    not null,
  contact_no       integer not null,
  node_id          text    not null,
  account_number   text    not null,
  is_critical      boolean not null,
  connection_state text    not null,
  mobile_index     bigint  not null,
  sealed_number    bytea   null,
  seal_key_id      text    null,
  number_state     text    not null,
  language         text    not null,
  wants_outages    boolean not null,
  constraint audience_pk primary key (connection_id, contact_no),
  constraint audience_seal_complete check ((sealed_number is null) = (seal_key_id is null)),
  constraint audience_seal_length check (sealed_number is null or octet_length(sealed_number) = 16)
);
create index audience_by_node on audience (node_id, mobile_index);
