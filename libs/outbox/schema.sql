CREATE OR REPLACE FUNCTION public.inbox_claim_fresh(of_subscription text, depth integer, take integer)
 RETURNS SETOF inbox_key
 LANGUAGE sql
 SET enable_sort TO 'off'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
BEGIN ATOMIC
 SELECT k.subscription,
     k.key,
     k.version,
     k.attempts,
     k.parked_until,
     k.parked_since,
     k.parked_reason
    FROM inbox_key k
   WHERE ((k.subscription = inbox_claim_fresh.of_subscription) AND (k.key = ANY (ARRAY( SELECT p.key
            FROM inbox_pending p
           WHERE ((p.subscription = inbox_claim_fresh.of_subscription) AND (p.crashes = 0) AND (EXISTS ( SELECT
                    FROM inbox_key c
                   WHERE ((c.subscription = p.subscription) AND (c.key = p.key) AND (c.attempts = 0) AND ((c.parked_until IS NULL) OR (c.parked_until <= now())))
                  OFFSET 0)))
           ORDER BY p.id
          LIMIT inbox_claim_fresh.depth))) AND (k.attempts = 0) AND ((k.parked_until IS NULL) OR (k.parked_until <= now())))
  LIMIT inbox_claim_fresh.take
  FOR UPDATE OF k SKIP LOCKED;
END
;

CREATE OR REPLACE FUNCTION public.inbox_claim_tried(of_subscription text)
 RETURNS SETOF inbox_key
 LANGUAGE sql
BEGIN ATOMIC
 SELECT inbox_claim_tried.subscription,
     inbox_claim_tried.key,
     inbox_claim_tried.version,
     inbox_claim_tried.attempts,
     inbox_claim_tried.parked_until,
     inbox_claim_tried.parked_since,
     inbox_claim_tried.parked_reason
    FROM inbox_claim_tried(inbox_claim_tried.of_subscription, 1) inbox_claim_tried(subscription, key, version, attempts, parked_until, parked_since, parked_reason);
END
;

CREATE OR REPLACE FUNCTION public.inbox_claim_tried(of_subscription text, most integer)
 RETURNS SETOF inbox_key
 LANGUAGE sql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_sort TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
BEGIN ATOMIC
 SELECT k.subscription,
     k.key,
     k.version,
     k.attempts,
     k.parked_until,
     k.parked_since,
     k.parked_reason
    FROM inbox_key k
   WHERE ((k.subscription = inbox_claim_tried.of_subscription) AND (k.attempts > 0) AND (COALESCE(k.parked_until, '-infinity'::timestamp with time zone) <= now()) AND (EXISTS ( SELECT
            FROM inbox_pending p
           WHERE ((p.subscription = k.subscription) AND (p.key = k.key) AND (p.crashes = 0))
          OFFSET 0)))
   ORDER BY COALESCE(k.parked_until, '-infinity'::timestamp with time zone)
  LIMIT inbox_claim_tried.most
  FOR UPDATE OF k SKIP LOCKED;
END
;

CREATE OR REPLACE FUNCTION public.inbox_hold_keys(of_subscription text, keys text[])
 RETURNS SETOF inbox_key
 LANGUAGE sql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET lock_timeout TO '1s'
BEGIN ATOMIC
 SELECT k.subscription,
     k.key,
     k.version,
     k.attempts,
     k.parked_until,
     k.parked_since,
     k.parked_reason
    FROM inbox_key k
   WHERE ((k.subscription = inbox_hold_keys.of_subscription) AND (k.key = ANY (inbox_hold_keys.keys)))
   ORDER BY k.key
  FOR UPDATE OF k;
END
;

CREATE OR REPLACE FUNCTION public.inbox_move_keys(of_subscription text, keys text[], versions bigint[], attempt_counts integer[], reasons text[], waits_ms double precision[])
 RETURNS void
 LANGUAGE sql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
BEGIN ATOMIC
 INSERT INTO inbox_key AS k (subscription, key, version, attempts, parked_reason, parked_until, parked_since)  SELECT inbox_move_keys.of_subscription AS of_subscription,
             v.key,
             v.version,
             v.attempts,
             v.reason,
                 CASE
                     WHEN (v.ms = 'Infinity'::double precision) THEN 'infinity'::timestamp with time zone
                     ELSE (now() + (v.ms * '00:00:00.001'::interval))
                 END AS "case",
                 CASE
                     WHEN (v.reason IS NOT NULL) THEN now()
                     ELSE NULL::timestamp with time zone
                 END AS "case"
            FROM UNNEST(inbox_move_keys.keys, inbox_move_keys.versions, inbox_move_keys.attempt_counts, inbox_move_keys.reasons, inbox_move_keys.waits_ms) v(key, version, attempts, reason, ms) ON CONFLICT(subscription, key) DO UPDATE SET version = excluded.version, attempts = excluded.attempts, parked_reason = excluded.parked_reason, parked_until = excluded.parked_until, parked_since =
         CASE
             WHEN (k.parked_reason = excluded.parked_reason) THEN k.parked_since
             ELSE excluded.parked_since
         END;
END
;

CREATE OR REPLACE FUNCTION public.inbox_settle(of_subscription text, settled_ids bigint[])
 RETURNS void
 LANGUAGE sql
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
BEGIN ATOMIC
 DELETE FROM inbox_pending
   WHERE (inbox_pending.ctid = ANY (ARRAY( SELECT p.place
            FROM (unnest(inbox_settle.settled_ids) settled(id)
              CROSS JOIN LATERAL ( SELECT q.ctid AS place
                    FROM inbox_pending q
                   WHERE ((q.subscription = inbox_settle.of_subscription) AND (q.id = settled.id))
                  OFFSET 0) p))));
END
;

CREATE OR REPLACE FUNCTION public.inbox_work(of_subscription text, OUT fresh boolean, OUT tried boolean, OUT suspect_id bigint, OUT suspect_key text)
 RETURNS record
 LANGUAGE sql
 STABLE
 SET enable_sort TO 'off'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
BEGIN ATOMIC
 SELECT (EXISTS ( SELECT
            FROM inbox_pending p
           WHERE ((p.subscription = inbox_work.of_subscription) AND (p.crashes = 0) AND (EXISTS ( SELECT
                    FROM inbox_key k
                   WHERE ((k.subscription = p.subscription) AND (k.key = p.key) AND (k.attempts = 0) AND ((k.parked_until IS NULL) OR (k.parked_until <= now())))
                  OFFSET 0))))) AS "exists",
     (EXISTS ( SELECT
            FROM inbox_key k
           WHERE ((k.subscription = inbox_work.of_subscription) AND (k.attempts > 0) AND (COALESCE(k.parked_until, '-infinity'::timestamp with time zone) <= now()) AND (EXISTS ( SELECT
                    FROM inbox_pending p
                   WHERE ((p.subscription = k.subscription) AND (p.key = k.key) AND (p.crashes = 0))
                  OFFSET 0))))) AS "exists",
     suspect.id,
     suspect.key
    FROM (( SELECT) always
      LEFT JOIN LATERAL ( SELECT p.id,
             p.key
            FROM inbox_pending p
           WHERE ((p.subscription = inbox_work.of_subscription) AND (p.crashes > 0) AND (EXISTS ( SELECT
                    FROM inbox_key k
                   WHERE ((k.subscription = p.subscription) AND (k.key = p.key) AND ((k.parked_until IS NULL) OR (k.parked_until <= now())))
                  OFFSET 0)) AND (NOT (EXISTS ( SELECT
                    FROM inbox_pending older
                   WHERE ((older.subscription = p.subscription) AND (older.key = p.key) AND (older.id < p.id))
                  OFFSET 0))))
           ORDER BY p.id
          LIMIT 1) suspect ON (true));
END
;

create view outbox_event as
 SELECT o.id AS outbox_id,
    e."position",
    o.topic,
    e.key,
    SUBSTRING(o.payload FROM e.start + 1 FOR e.length) AS value,
    e.id AS event_id,
    e.type,
    e."time" AS occurred_at,
    o.traceparent,
    o.created_at,
    o.published_at
   FROM outbox o
     CROSS JOIN LATERAL ROWS FROM(json_to_recordset(o.events) AS (key text, id uuid, type text, "time" timestamp with time zone, start integer, length integer)) WITH ORDINALITY e(key, id, type, "time", start, length, "position");

create table answered_request (
  operation text not null,
  idempotency_key text not null,
  request_hash bytea not null,
  status smallint,
  headers json,
  body json,
  answered_at timestamp with time zone default now() not null,
  constraint answered_request_pkey PRIMARY KEY (operation, idempotency_key)
);
CREATE INDEX answered_request_age ON public.answered_request USING brin (answered_at) WITH (autosummarize='on');

create table applied_event (
  subscription text not null,
  event_id uuid not null,
  body_hash bytea not null,
  applied_at timestamp with time zone default now() not null,
  constraint applied_event_pkey PRIMARY KEY (subscription, event_id)
);
CREATE INDEX applied_event_age ON public.applied_event USING brin (applied_at) WITH (autosummarize='on');

create table dead_letter (
  id bigint generated always as identity not null,
  subscription text not null,
  topic text not null,
  partition integer not null,
  record_offset bigint not null,
  key text not null,
  value bytea,
  headers json not null,
  received_at timestamp with time zone not null,
  event_id uuid,
  version bigint,
  reason text not null,
  detail text not null,
  state text default 'waiting'::text not null,
  deaths integer default 1 not null,
  latest_died_at timestamp with time zone default now() not null,
  last_offset bigint,
  constraint dead_letter_offsets_check CHECK ((last_offset >= record_offset)),
  constraint dead_letter_pkey PRIMARY KEY (id),
  constraint dead_letter_record_key UNIQUE (subscription, topic, partition, record_offset),
  constraint dead_letter_state CHECK ((state = ANY (ARRAY['waiting'::text, 'replayed'::text, 'discarded'::text])))
);
CREATE INDEX dead_letter_in_topic ON public.dead_letter USING btree (subscription) WHERE ((state = 'waiting'::text) AND (last_offset IS NOT NULL));
CREATE INDEX dead_letter_waiting ON public.dead_letter USING btree (subscription, key) WHERE (state = 'waiting'::text);

create table dead_letter_replay (
  id bigint generated always as identity not null,
  dead_letter_id bigint not null,
  action text not null,
  who text not null,
  decided_at timestamp with time zone default now() not null,
  constraint dead_letter_replay_action CHECK ((action = ANY (ARRAY['replay'::text, 'discard'::text]))),
  constraint dead_letter_replay_dead_letter_fkey FOREIGN KEY (dead_letter_id) REFERENCES dead_letter(id),
  constraint dead_letter_replay_pkey PRIMARY KEY (id)
);

create table inbox (
  subscription text not null,
  topic text not null,
  partition integer not null,
  record_offset bigint not null,
  id bigint generated always as identity not null,
  key text not null,
  value bytea,
  headers json not null,
  received_at timestamp with time zone default now() not null,
  constraint inbox_id_key UNIQUE (id),
  constraint inbox_pkey PRIMARY KEY (subscription, topic, partition, record_offset)
);

create table inbox_attempt (
  id bigint generated always as identity not null,
  worker integer not null,
  subscription text not null,
  inbox_ids bigint[] not null,
  started_at timestamp with time zone default now() not null,
  topic text,
  partition integer,
  first_offset bigint,
  last_offset bigint,
  constraint inbox_attempt_pkey PRIMARY KEY (id),
  constraint inbox_attempt_place_whole CHECK ((((topic IS NULL) = (partition IS NULL)) AND ((topic IS NULL) = (first_offset IS NULL)) AND ((topic IS NULL) = (last_offset IS NULL))))
);

create table inbox_key (
  subscription text not null,
  key text not null,
  version bigint default 0 not null,
  attempts integer default 0 not null,
  parked_until timestamp with time zone,
  parked_since timestamp with time zone,
  parked_reason text,
  constraint inbox_key_parked_reason CHECK ((parked_reason = ANY (ARRAY['gap'::text, 'retry'::text, 'dead-letter'::text]))),
  constraint inbox_key_parked_whole CHECK ((((parked_until IS NULL) = (parked_reason IS NULL)) AND ((parked_until IS NULL) = (parked_since IS NULL)))),
  constraint inbox_key_pkey PRIMARY KEY (subscription, key)
);
CREATE INDEX inbox_key_due ON public.inbox_key USING btree (subscription, COALESCE(parked_until, '-infinity'::timestamp with time zone)) WHERE (attempts > 0);
CREATE INDEX inbox_key_parked ON public.inbox_key USING btree (subscription, key) WHERE (parked_until IS NOT NULL);

create table inbox_pending (
  subscription text not null,
  id bigint not null,
  key text not null,
  crashes smallint default 0 not null,
  constraint inbox_pending_pkey PRIMARY KEY (subscription, id)
);
CREATE INDEX inbox_pending_key ON public.inbox_pending USING btree (subscription, key, id);
CREATE INDEX inbox_pending_suspect ON public.inbox_pending USING btree (subscription, id) WHERE (crashes > 0);

create table outbox (
  id bigint generated always as identity not null,
  topic text not null,
  traceparent text,
  events json not null,
  event_count integer generated always as (json_array_length(events)) stored not null,
  payload bytea not null,
  created_at timestamp with time zone default now() not null,
  published_at timestamp with time zone,
  constraint outbox_pkey PRIMARY KEY (id)
);
CREATE INDEX outbox_unpublished ON public.outbox USING btree (id) WHERE (published_at IS NULL);

create table schema_migration (
  source text not null,
  number integer not null,
  file text not null,
  checksum text not null,
  applied_at timestamp with time zone default now() not null,
  constraint schema_migration_pkey PRIMARY KEY (source, number)
);

create table topic_reading (
  dead_letter_id bigint not null,
  asked_at timestamp with time zone default now() not null,
  begun_at timestamp with time zone,
  first_offset bigint,
  last_offset bigint,
  due_at timestamp with time zone default now() not null,
  failures integer default 0 not null,
  failure text,
  constraint topic_reading_dead_letter_id_fkey FOREIGN KEY (dead_letter_id) REFERENCES dead_letter(id),
  constraint topic_reading_pkey PRIMARY KEY (dead_letter_id)
);
