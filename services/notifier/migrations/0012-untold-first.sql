-- Who was told nothing yet hears before anybody of the same run who was.
alter table run add column has_untold boolean not null default true;
comment on column run.has_untold is 'Whether it may speak to people who were told nothing of its outage';
alter table chunk add column never_told int;
comment on column chunk.never_told is 'So many of its messages, the first ones, go to people who were told nothing yet; the others wait for those of all chunks of the run';
