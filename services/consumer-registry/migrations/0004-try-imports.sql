-- An import can be tried before it is done: everything is judged and reported, nothing is taken.

alter table import_run add column is_dry_run boolean not null default false;
alter table import_run alter column is_dry_run drop default;

-- The nodes that a tried network file would have added, so that connections on them can be tried after it.
create table tried_node (
  import_id uuid not null,
  code      text not null,
  constraint tried_node_pkey primary key (import_id, code),
  constraint tried_node_import_fkey foreign key (import_id) references import_run (id) not enforced
);

-- Whose row it is where only an old account number tells.
alter table connection_import_row add column known_id uuid;

-- As the other two (0002): an alias is written with or after its connection.
alter table account_alias alter constraint account_alias_connection_fkey not enforced;

-- The verdicts as well are unknown to the planner until it is told; it then looked up every contact by index.
create function analyze_verdicts() returns void
  language plpgsql security definer set search_path = pg_catalog, public
as $$
begin
  analyze public.connection_import_verdict;
end
$$;
