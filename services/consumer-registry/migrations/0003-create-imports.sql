-- Files that were imported, what was refused of them and why, and the tables that they are validated in.

create table import_run (
  id          uuid        not null,
  kind        text        not null,
  started_at  timestamptz not null,
  finished_at timestamptz not null,
  counts      jsonb       not null,
  constraint import_run_pkey primary key (id),
  constraint import_run_kind_known check (kind in ('connections', 'network'))
);

-- One row per refused line, and one per warning about a line that was taken.
create table refused_row (
  import_id    uuid    not null,
  line         integer not null,
  severity     text    not null,
  field        text    not null,
  rule         text    not null,
  masked_value text    not null,
  constraint refused_row_pkey primary key (import_id, line, severity, field, rule),
  constraint refused_row_import_fkey foreign key (import_id) references import_run (id),
  constraint refused_row_severity_known check (severity in ('refused', 'warning'))
);

-- What may be repeated of a refused cell: a code or a word as it is, of everything else only the shape, so that a
-- number or a name that slipped into the wrong column stays hidden.
create function masked_cell(value text) returns text
  language sql immutable
  return case
    when value ~ '^([A-Z]{1,4}-[A-Za-z0-9-]{1,20}|[a-z-]{1,20})$' and value !~ '[0-9]{7}' then value
    else left(regexp_replace(regexp_replace(value, '[[:digit:]०-९]', '•', 'g'), '[[:alpha:]]', 'x', 'g'), 40)
  end;

-- The lines of the one import that runs. Unlogged: nothing of a file reaches the WAL before it is accepted.
create unlogged table network_import_row (
  line          integer not null,
  code          text    not null,
  kind          text    not null,
  parent_code   text    not null,
  name_en       text    not null,
  name_hi       text    not null,
  refused_field text,
  refused_rule  text,
  refused_value text
);

create unlogged table network_import_verdict (
  code       text    not null,
  outcome    text    not null,
  is_moved   boolean not null,
  valid_from timestamptz,
  constraint network_import_verdict_pkey primary key (code)
);

create unlogged table connection_import_row (
  line                integer not null,
  account_number      text    not null,
  category            text    not null,
  state               text    not null,
  node_code           text    not null,
  locality_en         text    not null,
  locality_hi         text    not null,
  meter_number        text    not null,
  consumer_name       text    not null,
  language            text    not null,
  old_account_numbers text    not null,
  number_state        text    not null,
  number_rule         text,
  number_shape        text,
  sealed_number       bytea,
  blind_index         bigint,
  refused_field       text,
  refused_rule        text,
  refused_value       text
);

create unlogged table connection_import_alias (
  line  integer not null,
  alias text    not null
);

create unlogged table connection_import_verdict (
  line                integer not null,
  connection_id       uuid    not null,
  outcome             text    not null,
  number_action       text    not null,
  is_language_changed boolean not null,
  constraint connection_import_verdict_pkey primary key (line)
);

-- Empties the tables above. The working role may not truncate; deleting would leave half a million dead rows behind.
create function clear_import() returns void
  language plpgsql security definer set search_path = pg_catalog, public
as $$
begin
  truncate public.network_import_row, public.network_import_verdict,
    public.connection_import_row, public.connection_import_alias, public.connection_import_verdict;
end
$$;

-- Tells the planner what was just staged, which it would otherwise guess.
create function analyze_import() returns void
  language plpgsql security definer set search_path = pg_catalog, public
as $$
begin
  analyze public.network_import_row, public.connection_import_row;
end
$$;
