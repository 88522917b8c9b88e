-- Complaints as they stand. What happened to each is in complaint_event; the full events leave by the outbox.
create table complaint (
  id uuid not null,
  complaint_number text not null,
  version integer not null,
  connection_id uuid not null,
  account_number text not null,
  kind text not null,
  area text not null,
  status text not null,
  cycle integer not null,
  lodged_at timestamptz not null,
  due_at timestamptz,
  outage_id uuid,
  cause text,
  estimated_restoration_at timestamptz,
  office_code text,
  escalation_level integer not null,
  joined_count integer not null,
  asked_at timestamptz,
  asked_how text,
  asked_by_event uuid,
  answer_due_at timestamptz,
  proof text,
  closed_at timestamptz,
  constraint complaint_pkey primary key (id),
  constraint complaint_number_key unique (complaint_number),
  constraint complaint_number_form check (complaint_number ~ '^CMP-[0-9]{4}-[0-9]{7}$'),
  constraint complaint_version check (version >= 1 and cycle >= 1 and escalation_level >= 0 and joined_count >= 0),
  constraint complaint_kind check (kind in ('no-supply', 'fuse-off', 'transformer-failure', 'low-voltage', 'meter-fault', 'wrong-bill', 'other')),
  constraint complaint_area check (area in ('town', 'village')),
  constraint complaint_status check (status in ('lodged', 'answered', 'assigned', 'in-progress', 'resolved', 'reopened', 'closed')),
  constraint complaint_clock check ((status in ('lodged', 'assigned', 'in-progress', 'reopened')) = (due_at is not null)),
  constraint complaint_answer check (num_nonnulls(outage_id, cause, estimated_restoration_at) = case status when 'answered' then 3 else 0 end),
  constraint complaint_office check (status not in ('assigned', 'in-progress') or office_code is not null),
  constraint complaint_office_form check (office_code ~ '^[A-Z0-9-]{2,20}$'),
  constraint complaint_question check (num_nonnulls(asked_at, asked_how, asked_by_event, answer_due_at) = case when status in ('resolved', 'closed') then 4 else 0 end),
  constraint complaint_asked_how check (asked_how in ('sms')),
  constraint complaint_proof check (proof in ('consumer-confirmed', 'time-out')),
  constraint complaint_closed_has_proof check ((status = 'closed') = (proof is not null) and (status = 'closed') = (closed_at is not null)),
  constraint complaint_time_out_was_due check (proof <> 'time-out' or closed_at >= answer_due_at)
);
-- One open complaint of a kind on a connection: lodging again joins it.
create unique index complaint_one_open on complaint (connection_id, kind) where status not in ('answered', 'closed');
create index complaint_answered on complaint (connection_id, outage_id) where status = 'answered';
create index complaint_connection_id on complaint (connection_id, id);
create index complaint_status_id on complaint (status, id);
create index complaint_office_id on complaint (office_code, id);
create index complaint_due_at on complaint (due_at) where due_at is not null;
create index complaint_answer_due_at on complaint (answer_due_at) where status = 'resolved';
comment on column complaint.id is 'UUIDv7: its order is the order of lodging';
comment on column complaint.account_number is 'the account number of the connection when it was lodged';
comment on column complaint.due_at is 'when the service standard wants it fixed; null where no clock runs';
comment on column complaint.office_code is 'the office that has or had it; never a person';
comment on column complaint.joined_count is 'how often the same was lodged again while it was open; changes without a version';
comment on column complaint.asked_by_event is 'the ComplaintResolved whose text asks the consumer';

-- What happened to a complaint, and in which trace: the way from its number to its journeys.
create table complaint_event (
  complaint_id uuid not null,
  version integer not null,
  event_id uuid not null,
  type text not null,
  cycle integer not null,
  status text not null,
  office_code text,
  due_at timestamptz,
  occurred_at timestamptz not null,
  trace_id text,
  constraint complaint_event_pkey primary key (complaint_id, version),
  constraint complaint_event_complaint_fkey foreign key (complaint_id) references complaint (id),
  constraint complaint_event_event_id_key unique (event_id)
);
-- One question and one end in a cycle, so one text of each.
create unique index complaint_event_once_a_cycle on complaint_event (complaint_id, cycle, type) where type in ('ComplaintResolved', 'ComplaintClosed');
comment on column complaint_event.trace_id is '32 hex digits; null where the request was not traced';

-- On what each closing stands; kept when the complaint is opened again.
create table closing_proof (
  complaint_id uuid not null,
  cycle integer not null,
  proof text not null,
  asked_at timestamptz not null,
  asked_how text not null,
  asked_by_event uuid not null,
  answer_due_at timestamptz not null,
  closed_at timestamptz not null,
  constraint closing_proof_pkey primary key (complaint_id, cycle),
  constraint closing_proof_complaint_fkey foreign key (complaint_id) references complaint (id),
  constraint closing_proof_known check (proof in ('consumer-confirmed', 'time-out')),
  constraint closing_proof_time_out_was_due check (proof <> 'time-out' or closed_at >= answer_due_at)
);

-- The latest number given in each year of lodging (India). Whoever takes one holds its row until the commit.
create table complaint_year (
  year smallint not null,
  latest integer not null,
  constraint complaint_year_pkey primary key (year),
  constraint complaint_year_seven_digits check (latest >= 1 and latest <= 9999999)
);
