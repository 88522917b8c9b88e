-- What says that supply is back waits where a newer cut that meets it is not judged yet: it may be false there.
create table run_wait (
  run_id     uuid not null,
  for_run_id uuid not null,
  constraint run_wait_pkey primary key (run_id, for_run_id),
  constraint run_wait_run_fkey foreign key (run_id) references run (run_id) on delete cascade,
  constraint run_wait_for_run_fkey foreign key (for_run_id) references run (run_id) on delete cascade
);
create index run_wait_by_for_run on run_wait (for_run_id);
comment on table run_wait is 'Older runs that were open when a cut that meets them was planned';

alter table chunk add column says_back boolean not null default false;
comment on column chunk.says_back is 'Whether a text of it says that supply is back, somewhere or everywhere';
