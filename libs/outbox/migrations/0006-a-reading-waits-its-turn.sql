-- What somebody wants read again and what fails is tried again later and later, after the others, and says why. What is to be read stands in
-- the request: its dead letter may become that of one record meanwhile, when its first record dies by itself.
alter table topic_reading
  add column first_offset bigint,
  add column last_offset bigint,
  add column due_at timestamptz not null default now(),
  add column failures integer not null default 0,
  add column failure text;
comment on column topic_reading.first_offset is 'the first offset that is read; null for that of the dead letter';
comment on column topic_reading.last_offset is 'the last offset that is read; null for that of the dead letter';
comment on column topic_reading.due_at is 'when it is tried next, those that are due longest first';
comment on column topic_reading.failures is 'how often it could not be read since it was asked for';
comment on column topic_reading.failure is 'why it could not be read the last time; null before it failed';
