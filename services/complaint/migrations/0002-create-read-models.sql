-- Connections as consumer-registry tells them (consumer-registry.connection.v1), as much of them as a complaint needs.
create table connection (
  connection_id uuid not null,
  version bigint not null,
  account_number text,
  node_code text,
  state text not null,
  constraint connection_pkey primary key (connection_id),
  constraint connection_erased check ((state = 'erased') = (account_number is null))
);
create index connection_account_number on connection (account_number);
comment on column connection.account_number is 'the present one; null when it is erased: then only its id and version stay, against late events';
comment on column connection.node_code is 'null where it is not mapped: no outage explains anything there';

-- Account numbers that were heard before the present one of their connection: they keep working.
create table former_account_number (
  account_number text not null,
  connection_id uuid not null,
  constraint former_account_number_pkey primary key (account_number)
);
create index former_account_number_connection_id on former_account_number (connection_id);

-- The network as consumer-registry tells it (consumer-registry.network.v1): on what each node hangs.
create table network_node (
  code text not null,
  version bigint not null,
  parent_code text,
  constraint network_node_pkey primary key (code)
);
comment on column network_node.parent_code is 'null for a zone; the parent may be told later than its child';

-- Outages as the outage service tells them (outage.outage.v1). A restored one stays, without its nodes.
create table outage (
  outage_id uuid not null,
  version bigint not null,
  kind text not null,
  status text not null,
  cause text not null,
  starts_at timestamptz not null,
  estimated_restoration_at timestamptz not null,
  constraint outage_pkey primary key (outage_id)
);

-- Which nodes are without supply; the search for an outage begins here, so what is over is not in it.
create table outage_node (
  node_code text not null,
  outage_id uuid not null,
  constraint outage_node_pkey primary key (node_code, outage_id),
  constraint outage_node_outage_fkey foreign key (outage_id) references outage (outage_id)
);
create index outage_node_outage_id on outage_node (outage_id);
