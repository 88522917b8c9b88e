-- Of a node whose parts below have supply again, only what hangs on itself is off.
alter table outage_node add column is_own boolean not null default false;
comment on column outage_node.is_own is 'Whether only what hangs on the node itself is without supply, and not what is below it';
