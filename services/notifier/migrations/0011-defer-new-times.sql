-- Nobody is told a new time twice within ten minutes: who was told a moment ago is judged again when it is due.
alter table run_later add column due_at timestamptz;
comment on column run_later.due_at is 'Not judged again before; null for as soon as it can be';
