-- A batch that cannot be read, and a record that is too large, are dead letters whose octets are not kept: they stay in their topic, from
-- where they are read again when somebody replays them.
alter table dead_letter
  add column last_offset bigint,
  add constraint dead_letter_offsets_check check (last_offset >= record_offset);
comment on column dead_letter.last_offset is
  'the last offset of what was left in the topic, whose first is record_offset; null where key, value and headers are kept here';

-- What somebody wants read again, until its subscription has done so.
create table topic_reading (
  dead_letter_id bigint not null,
  asked_at timestamptz not null default now(),
  begun_at timestamptz,
  constraint topic_reading_pkey primary key (dead_letter_id),
  constraint topic_reading_dead_letter_id_fkey foreign key (dead_letter_id) references dead_letter (id)
);
comment on column topic_reading.begun_at is 'when a replica began to read; another one begins anew where it was long ago';

create index dead_letter_in_topic on dead_letter (subscription) where state = 'waiting' and last_offset is not null;
