-- The electrical network, from the zone to the distribution transformer, with who feeds whom as a matter of time.

create extension if not exists btree_gist;

create table network_node (
  code       text        not null,
  kind       text        not null,
  name_en    text        not null,
  name_hi    text        not null default '',
  version    bigint      not null,
  changed_at timestamptz not null,
  constraint network_node_pkey primary key (code),
  constraint network_node_kind_known check (
    kind in ('zone', 'circle', 'division', 'sub-division', 'substation', 'feeder', 'distribution-transformer')
  ),
  constraint network_node_version_counts check (version >= 1)
);
create index network_node_kind on network_node (kind, code);

-- On which parent a node hangs, from when (included) to when (excluded). A zone hangs on nothing: parent_code null.
create table network_placement (
  id          bigint generated always as identity,
  node_code   text        not null,
  parent_code text,
  valid_from  timestamptz not null,
  valid_to    timestamptz,
  constraint network_placement_pkey primary key (id),
  constraint network_placement_node_fkey foreign key (node_code) references network_node (code),
  constraint network_placement_parent_fkey foreign key (parent_code) references network_node (code),
  constraint network_placement_half_open check (valid_to > valid_from),
  constraint network_placement_not_itself check (parent_code <> node_code),
  constraint network_placement_one_at_a_time exclude using gist (
    node_code with =, tstzrange(valid_from, valid_to) with &&
  )
);
create unique index network_placement_one_open on network_placement (node_code) where valid_to is null;
create index network_placement_children on network_placement (parent_code, node_code) where valid_to is null;

-- How far down a kind stands: 1 for a zone, 7 for a transformer; null for what is no kind.
create function network_level(kind text) returns integer
  language sql immutable
  return array_position(
    array['zone', 'circle', 'division', 'sub-division', 'substation', 'feeder', 'distribution-transformer'], kind
  );
