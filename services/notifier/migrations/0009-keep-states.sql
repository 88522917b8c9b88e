-- The second edition of the fan-out: a message has states, a process holds many chunks, and what is said is the difference between what
-- is true and what was told (PROTOCOL.md). What the first edition wrote is taken over here, so that receipts, counts and what was told go on.

-- Every node with all above it, itself first: whether an outage feeds a connection is one look at this row.
alter table network_node add column path text[] not null default '{}';
with recursive above as (
  select node_id, parent_id, array[node_id] as path from network_node
   union all
  select a.node_id, n.parent_id, a.path || n.node_id
    from above a join network_node n on n.node_id = a.parent_id
   where n.node_id <> all(a.path) and cardinality(a.path) < 32)
update network_node n set path = a.path
  from (select distinct on (node_id) node_id, path from above order by node_id, cardinality(path) desc) a
 where a.node_id = n.node_id;

-- Hospitals and the like are found without a look at the whole audience.
create index audience_critical on audience (node_id) where is_critical;

-- The newest state of every outage that was heard of, whether it was told or not. is_off: supply is out below its nodes now; is_window:
-- announced work that has not begun.
create table outage_now (
  outage_id uuid        not null,
  version   bigint      not null,
  kind      text        not null,
  cause     text        not null,
  is_off    boolean     not null,
  is_window boolean     not null,
  starts_at timestamptz not null,
  until     timestamptz not null,
  heard_at  timestamptz not null,
  constraint outage_now_pkey primary key (outage_id)
);
create index outage_now_standing on outage_now (outage_id) where is_off or is_window;
-- Its nodes: everything below is off, or, where is_own, only what hangs on the node itself.
create table outage_node (
  outage_id uuid    not null,
  node_id   text    not null,
  is_own    boolean not null,
  constraint outage_node_pkey primary key (outage_id, node_id, is_own),
  constraint outage_node_outage_fkey foreign key (outage_id) references outage_now on delete cascade
);
create index outage_node_by_node on outage_node (node_id);

-- A run tells the nodes of its outage's state, of the state before, and of every run that it supersedes. counts: what was counted when
-- the run was over. is_live: what it told still says what its people believe; until its outage is over and told.
alter table run add column node_ids text[] not null default '{}';
alter table run add column own_node_ids text[] not null default '{}';
alter table run add column counts jsonb not null default '{}';
alter table run add column is_live boolean not null default false;
alter table run drop constraint run_kind_check;
alter table run add constraint run_kind_check
  check (kind in ('planned', 'unplanned', 'estimate', 'cancelled', 'restored', 'ended', 'bill', 'payment', 'complaint'));
create index run_live on run (thread_id) where is_live;

-- What a run says, in the few forms that its rows choose from: off (until a time, for a cause), on, a window to come, a window that is gone.
-- claim_no is made of what is said, so that the same is the same in every run.
create table run_claim (
  run_id    uuid        not null,
  claim_no  integer     not null,
  kind      text        not null,
  outage_id uuid        null,
  cause     text        null,
  starts_at timestamptz null,
  until     timestamptz null,
  constraint run_claim_pkey primary key (run_id, claim_no),
  constraint run_claim_run_fkey foreign key (run_id) references run on delete cascade,
  constraint run_claim_kind_check check (kind in ('off', 'on', 'window', 'no-window'))
);

-- What somebody asked to be done with a run, until another person confirms it. Kept for ever: who asked, who agreed, and when.
create table run_ask (
  ask_id       bigint generated always as identity,
  run_id       uuid        not null,
  kind         text        not null,
  asked_by     text        not null,
  reason       text        not null,
  asked_at     timestamptz not null default now(),
  confirmed_by text        null,
  confirmed_at timestamptz null,
  constraint run_ask_pkey primary key (ask_id),
  constraint run_ask_run_fkey foreign key (run_id) references run on delete cascade,
  constraint run_ask_kind_check check (kind in ('release', 'recall'))
);
create unique index run_ask_open on run_ask (run_id, kind) where confirmed_at is null;

-- One row per process that holds chunks. beat goes up with each renewal: who watches it needs no clock of ours.
create table holder (
  holder_id    uuid        not null,
  beat         bigint      not null,
  leased_until timestamptz not null,
  -- Number of the latest flush of outcomes that was committed: one whose answer was lost is not repeated.
  outcome_flush bigint not null default 0,
  constraint holder_pkey primary key (holder_id)
);

-- The parts that an account may be sent now, shared by all replicas (domain/account-bucket.ts). share: of the contract, less after throttling.
create table account_bucket (
  provider  text             not null,
  tokens    double precision not null,
  filled_at timestamptz      not null,
  share     double precision not null,
  constraint account_bucket_pkey primary key (provider)
);

-- told_no orders what was told to one mobile by several chunks; part_stride: places that the parts of one message take in chunk_end. mobiles: those of an extra chunk, which has no range and
-- is not taken before not_before.
create sequence chunk_told_no;
alter table chunk add column holder_id uuid null;
alter table chunk add column told_no bigint null;
alter table chunk add column part_stride smallint not null default 1;
alter table chunk add column mobiles bigint[] null;
alter table chunk add column not_before timestamptz null;
alter table chunk drop constraint chunk_range_complete;
alter table chunk add constraint chunk_range_check
  check ((range_from is null) = (range_to is null) and (chunk_no <> 0 or range_from is null) and (mobiles is null or range_from is null));
update chunk c set told_no = n.n
  from (select c.run_id, c.chunk_no, row_number() over (order by r.planned_at, r.revision, c.chunk_no) as n
          from chunk c join run r on r.run_id = c.run_id where c.state <> 'waiting') n
 where n.run_id = c.run_id and n.chunk_no = c.chunk_no;
select setval('chunk_told_no', coalesce((select max(told_no) from chunk), 0) + 1);

-- A contact is in a run once, whatever its number does meanwhile. Where it stands there under two numbers, since it moved between two chunks,
-- the row of the other number gets a contact number of its own: its text was counted, and its receipt is looked for.
with doubled as (
  select run_day, run_id, connection_id, contact_no from ledger group by run_day, run_id, connection_id, contact_no having count(*) > 1),
ranked as (
  select l.tableoid as part, l.ctid as place,
         row_number() over (partition by l.run_day, l.run_id, l.connection_id, l.contact_no
                            order by a.connection_id is not null desc, l.fate = 'carrier' desc, l.mobile_index) as nth
    from doubled d
    join ledger l using (run_day, run_id, connection_id, contact_no)
    left join audience a on a.connection_id = l.connection_id and a.contact_no = l.contact_no and a.mobile_index = l.mobile_index)
update ledger l set contact_no = l.contact_no + 1000000 * (r.nth - 1)
  from ranked r where l.tableoid = r.part and l.ctid = r.place and r.nth > 1;
alter table ledger drop constraint ledger_pk;
alter table ledger add constraint ledger_pkey primary key (run_day, run_id, connection_id, contact_no);
drop index ledger_by_message;
create index ledger_by_mobile on ledger (run_id, mobile_index);
alter table ledger drop column is_critical;
-- What the row says; null in the rows from before, which say the first claim of their run.
alter table ledger add column claim_no integer null;
-- The account that the text names where it is not the row's own: of several, the one that is still off.
alter table ledger add column named_account text null;
-- Mobiles of a run that are judged in a chunk of their own: their text of another run is on its way, or they came into the scope after the
-- plan (came_later).
create table run_later (
  run_id       uuid    not null,
  mobile_index bigint  not null,
  came_later   boolean not null default false,
  constraint run_later_pkey primary key (run_id, mobile_index),
  constraint run_later_run_fkey foreign key (run_id) references run on delete cascade
);

-- The normal end of a send: many messages that the provider accepted, of one chunk, under the epoch of its holder. message_ids: parts ids
-- for each message.
create table accepted_pack (
  run_day     date        not null,
  run_id      uuid        not null,
  chunk_no    integer     not null,
  epoch       integer     not null,
  provider    text        not null,
  recorded_at timestamptz not null,
  parts       smallint    not null,
  seqs        integer[]   not null,
  message_ids text[]      not null
) partition by range (run_day);
create index accepted_pack_by_chunk on accepted_pack (run_id, chunk_no);

-- Every other state of a message (domain/message-states.ts), only ever added. send_no counts the times that it was handed to a link.
create table message_state (
  run_day        date        not null,
  run_id         uuid        not null,
  chunk_no       integer     not null,
  seq            integer     not null,
  send_no        smallint    not null,
  epoch          integer     not null,
  state          text        not null,
  command_status bigint      null,
  provider       text        not null,
  message_ids    text[]      null,
  recorded_at    timestamptz not null,
  constraint message_state_state_check check (state in ('underway', 'ambiguous', 'returned', 'deferred', 'blocked', 'rejected',
    'accepted', 'in-doubt', 'superseded', 'stale', 'unrenderable'))
) partition by range (run_day);
create index message_state_by_message on message_state (run_id, chunk_no, seq);
-- Receipts that no id matches are looked for in these runs.
create index message_state_doubtful on message_state (run_id) where state in ('ambiguous', 'in-doubt');

-- Receipts of one chunk that came together and say the same.
create table receipt_pack (
  arrival_day date        not null,
  arrived_at  timestamptz not null,
  provider    text        not null,
  stat        text        not null,
  error_code  text        null,
  run_day     date        not null,
  run_id      uuid        not null,
  chunk_no    integer     not null,
  part_no     smallint    not null,
  seqs        integer[]   not null
) partition by range (arrival_day);
create index receipt_pack_by_chunk on receipt_pack (run_id, chunk_no);

-- Which parts of a chunk have an end that was counted, a bit each at (seq - 1) * part_stride + part_no - 1: a known end, or one in a word
-- of the carrier's own.
create table chunk_end (
  run_day  date    not null,
  run_id   uuid    not null,
  chunk_no integer not null,
  known    bytea   not null default '',
  other    bytea   not null default '',
  constraint chunk_end_pkey primary key (run_day, run_id, chunk_no)
) partition by range (run_day);

-- What is added to the counts of a run, until they are folded into run.counts.
create table count_change (
  run_day  date    not null,
  run_id   uuid    not null,
  chunk_no integer not null,
  measure  text    not null,
  n        bigint  not null
) partition by range (run_day);
create index count_change_by_run on count_change (run_id);

-- A receipt that matched nothing is looked up again at due_at, in more and more of what was sent.
alter table orphan_receipt add column tries smallint not null default 0;
alter table orphan_receipt add column due_at timestamptz not null default now();
create index orphan_receipt_due on orphan_receipt (due_at) where given_up_at is null;

create or replace function open_day(day date) returns void language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  suffix text := to_char(day, 'YYYYMMDD');
  parent text;
begin
  perform pg_advisory_xact_lock(hashtext('open_day'));
  foreach parent in array array['ledger', 'accepted_pack', 'message_state', 'receipt_pack', 'chunk_end', 'count_change'] loop
    execute format('create table if not exists public.%I partition of public.%I for values from (%L) to (%L)',
                   parent || '_' || suffix, parent, day, day + 1);
  end loop;
end
$$;
-- Ends the oldest day before an instant, of every table that has days. Waits for no lock longer than two seconds: it is tried again.
create function close_day(before date) returns integer
  language plpgsql security definer set search_path = pg_catalog, public set lock_timeout = '2s' as $$
declare
  oldest text;
  part   record;
begin
  select min(right(c.relname, 8)) into oldest
    from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
   where p.relnamespace = 'public'::regnamespace and c.relname ~ '_[0-9]{8}$';
  if oldest is null or to_date(oldest, 'YYYYMMDD') >= before then return 0; end if;
  for part in
    select p.relname as parent, c.relname as child
      from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
     where p.relnamespace = 'public'::regnamespace and right(c.relname, 8) = oldest
  loop
    execute format('alter table public.%I detach partition public.%I', part.parent, part.child);
    execute format('drop table public.%I', part.child);
  end loop;
  return 1;
end
$$;
-- The days that the first edition opened, and today.
select open_day(day) from (
  select to_date(substr(inhrelid::regclass::text, length('ledger_') + 1), 'YYYYMMDD') as day
    from pg_inherits where inhparent = 'ledger'::regclass
   union select (now() at time zone 'Asia/Kolkata')::date) days;

-- What the first edition left.
update run r set counts = coalesce((select jsonb_object_agg(m.measure, m.n)
                                       from (select measure, sum(n) as n from count_delta d where d.run_id = r.run_id group by measure) m), '{}');
update run r set node_ids = coalesce((select array_agg(node_id order by node_id) from run_scope s where s.run_id = r.run_id), '{}')
 where r.kind in ('planned', 'unplanned', 'estimate');
insert into run_claim (run_id, claim_no, kind, outage_id, cause, starts_at, until)
select run_id, 1,
       case when kind = 'restored' then 'on' when kind = 'planned' or facts ->> 'outageKind' = 'planned' then 'window' else 'off' end,
       cast(substr(thread_id, length('outage:') + 1) as uuid), facts ->> 'cause',
       cast(facts ->> 'startsAt' as timestamptz), cast(facts ->> 'estimatedRestorationAt' as timestamptz)
  from run where starts_with(thread_id, 'outage:') and kind in ('planned', 'unplanned', 'estimate', 'restored');
insert into outage_now (outage_id, version, kind, cause, is_off, is_window, starts_at, until, heard_at)
select distinct on (thread_id) cast(substr(thread_id, length('outage:') + 1) as uuid), revision, coalesce(facts ->> 'outageKind', 'unplanned'),
       coalesce(facts ->> 'cause', ''), kind not in ('restored', 'ended') and facts ->> 'outageKind' = 'unplanned',
       kind not in ('restored', 'ended') and facts ->> 'outageKind' = 'planned', cast(facts ->> 'startsAt' as timestamptz),
       cast(facts ->> 'estimatedRestorationAt' as timestamptz), planned_at
  from run where starts_with(thread_id, 'outage:') and jsonb_typeof(facts) = 'object'
 order by thread_id, revision desc;
insert into outage_node (outage_id, node_id, is_own)
select distinct o.outage_id, s.node_id, false
  from outage_now o join run r on r.thread_id = 'outage:' || o.outage_id join run_scope s on s.run_id = r.run_id
 where o.is_off or o.is_window;
update run r set is_live = true
  from outage_now o
 where r.thread_id = 'outage:' || o.outage_id and (o.is_off or o.is_window or r.ended_at is null);
insert into accepted_pack (run_day, run_id, chunk_no, epoch, provider, recorded_at, parts, seqs, message_ids)
select run_day, run_id, chunk_no, epoch, provider, max(at), parts, array_agg(seq order by seq),
       string_to_array(string_agg(ids, e'\x01' order by seq), e'\x01')
  from (select run_day, run_id, chunk_no, seq, max(epoch) as epoch, max(provider) as provider, max(recorded_at) as at,
               cast(count(*) as smallint) as parts, string_agg(coalesce(provider_message_id, ''), e'\x01' order by part_no) as ids
          from attempt group by run_day, run_id, chunk_no, seq
        having bool_and(outcome = 'accepted') and bool_or(settles = 'accepted')) whole
 group by run_day, run_id, chunk_no, epoch, provider, parts;
insert into message_state (run_day, run_id, chunk_no, seq, send_no, epoch, state, command_status, provider, message_ids, recorded_at)
select run_day, run_id, chunk_no, seq, 1, max(epoch), max(settles), max(coalesce(command_status, smpp_status)), max(provider),
       array_agg(provider_message_id order by part_no) filter (where part_no > 0), max(recorded_at)
  from attempt group by run_day, run_id, chunk_no, seq
having max(settles) in ('rejected', 'in-doubt', 'superseded', 'stale');
-- The ends of parts that were counted already.
update chunk c set part_stride = p.most from (select run_id, chunk_no, max(part_no) as most from attempt group by run_id, chunk_no) p
 where p.run_id = c.run_id and p.chunk_no = c.chunk_no and p.most > 1;
do $$
declare
  held  record;
  ended record;
  known bytea;
  other bytea;
begin
  for held in
    select r.run_day, r.run_id, r.chunk_no, c.part_stride,
           decode(repeat('00', max((r.seq - 1) * c.part_stride + r.part_no - 1) / 8 + 1), 'hex') as none
      from receipt r join chunk c on c.run_id = r.run_id and c.chunk_no = r.chunk_no
     where r.stat not in ('SCHEDULED', 'ENROUTE', 'ACCEPTD')
     group by r.run_day, r.run_id, r.chunk_no, c.part_stride
  loop
    known := held.none;
    other := held.none;
    for ended in
      select (r.seq - 1) * held.part_stride + r.part_no - 1 as place,
             bool_or(r.stat in ('DELIVRD', 'EXPIRED', 'DELETED', 'UNDELIV', 'REJECTD', 'FAILED')) as is_known
        from receipt r
       where r.run_id = held.run_id and r.chunk_no = held.chunk_no and r.stat not in ('SCHEDULED', 'ENROUTE', 'ACCEPTD')
       group by 1
    loop
      if ended.is_known then known := set_bit(known, ended.place, 1); else other := set_bit(other, ended.place, 1); end if;
    end loop;
    insert into chunk_end (run_day, run_id, chunk_no, known, other) values (held.run_day, held.run_id, held.chunk_no, known, other);
  end loop;
end
$$;
-- Words of the carrier's own, which a known end may still take the place of.
insert into receipt_pack (arrival_day, arrived_at, provider, stat, error_code, run_day, run_id, chunk_no, part_no, seqs)
select arrival_day, arrived_at, provider, stat, error_code, run_day, run_id, chunk_no, part_no, array[seq]
  from receipt
 where stat not in ('SCHEDULED', 'ENROUTE', 'ACCEPTD', 'DELIVRD', 'EXPIRED', 'DELETED', 'UNDELIV', 'REJECTD', 'FAILED');
