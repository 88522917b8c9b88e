-- What waits for an operator is asked for every few seconds, and must not cost more with every run that ever was.
create index run_held on run (state, planned_at) where state in ('held', 'refused');
