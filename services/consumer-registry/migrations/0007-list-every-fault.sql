-- Everything that is wrong with a row is listed, not only the first of it.

-- What is wrong with the lines of the one import that runs. Unlogged as the lines themselves (0003).
create unlogged table import_fault (
  line  integer not null,
  field text    not null,
  rule  text    not null,
  value text    not null,
  constraint import_fault_pkey primary key (line, field)
);

-- Cells that may not even be stored, as `column rule` between `;`. The field and the value of a refused row stand in import_fault now: nobody
-- writes refused_field and refused_value any more, and a later release drops them.
alter table connection_import_row add column cell_faults text;
alter table network_import_row add column cell_faults text;

-- A number in digits of any script, or with dashes in it, is no code that may be shown: what is not of ASCII is hidden as letters are.
create or replace function masked_cell(value text) returns text
  language sql immutable
  return case
    when value ~ '^([A-Z]{1,4}-[A-Za-z0-9-]{1,20}|[a-z-]{1,20})$' and value !~ '[0-9]{7}'
     and replace(value, '-', '') !~ '[0-9]{10}' then value
    else left(regexp_replace(regexp_replace(value, '[0-9०-९]', '•', 'g'), '[A-Za-z]|[^ -~•]', 'x', 'g'), 40)
  end;

create or replace function clear_import() returns void
  language plpgsql security definer set search_path = pg_catalog, public
as $$
begin
  truncate public.network_import_row, public.network_import_verdict, public.import_fault,
    public.connection_import_row, public.connection_import_alias, public.connection_import_verdict;
end
$$;
