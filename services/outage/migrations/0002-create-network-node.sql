-- The network as consumer-registry tells it (consumer-registry.network.v1), so that an outage names only nodes that exist.
create table network_node (
  code text not null,
  version bigint not null,
  kind text not null,
  parent_code text,
  name_en text not null,
  name_hi text not null,
  constraint network_node_pkey primary key (code)
);
comment on column network_node.parent_code is 'null for a zone; the parent may be told later than its child';
