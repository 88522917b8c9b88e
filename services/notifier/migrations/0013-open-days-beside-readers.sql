-- "create table … partition of" waits for every reader of its parent, and all who come later wait behind it: a dump over midnight stopped all
-- sending for as long as it ran. A table that is made first and attached waits for nobody who reads or writes.
create or replace function open_day(day date) returns void language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  suffix text := to_char(day, 'YYYYMMDD');
  parent text;
  child  text;
begin
  perform pg_advisory_xact_lock(hashtext('open_day'));
  foreach parent in array array['ledger', 'accepted_pack', 'message_state', 'receipt_pack', 'chunk_end', 'count_change'] loop
    child := parent || '_' || suffix;
    continue when to_regclass('public.' || child) is not null;
    execute format('create table public.%I (like public.%I including all)', child, parent);
    execute format('alter table public.%I attach partition public.%I for values from (%L) to (%L)', parent, child, day, day + 1);
  end loop;
end
$$;
