import { isTopicName, topics } from '@bijli/events';
import { isUnknownTopic, type ProducedRecord, type RecordProducer } from '@bijli/kafka/produce';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { errorName } from '@bijli/loop';
import type { LeaderConnection } from './leader-lock.ts';
import type { ListedEvent, ListedTombstone, OutboxRow } from './outbox-row.ts';
import type { StartedSpan } from '@bijli/tracing';
import { continueTrace, traceparentOf } from '@bijli/tracing';

/** Rows that are looked up at once, at most, and about how many bytes of them are held in memory. */
const BATCH_ROWS = 4_000;
const BATCH_BYTES = 1024 * 1024;
/** Events of one send (500 to 1,000 were fastest). Their rows are marked while the next ones are sent. */
const SEND_EVENTS = 1_000;

type StoredRow = OutboxRow & { readonly id: string };

/** Topics that the brokers do not know: what is said on them waits, and all else goes on. */
export type MissingTopics = {
  /** Those that are not to be tried now. */
  current(): readonly string[];
  add(topic: string): void;
};

/**
 * Publishes the oldest rows that are not published, in order, and marks each after the brokers' acknowledgement of all its events. Resolves
 * with the number of events. All on the leader's own connection: a process that lost it has lost the leader lock, and cannot mark.
 */
export async function relayBatch(
  connection: LeaderConnection,
  producer: RecordProducer,
  failpoint: (name: string) => Promise<void>,
  missing: MissingTopics,
): Promise<number> {
  const { rows } = await connection.query<StoredRow>({
    name: 'oldest-unpublished', // prepared once: an idle relay asks four times a second
    text: OLDEST_UNPUBLISHED,
    values: [BATCH_ROWS, BATCH_BYTES, missing.current()],
  });
  let published = 0;
  let marked: Promise<unknown> = Promise.resolve();
  try {
    for (const some of sendsOf(rows)) {
      const said = await publishKnown(producer, some, missing);
      published += said.reduce((sum, { events }) => sum + events.length, 0);
      await failpoint('relay.acked');
      await marked;
      marked = mark(connection, said);
    }
  } finally {
    await marked;
  }
  return published;
}

/** `pg_column_size` tells the size of a value as it is stored; these columns are stored uncompressed (migration 0003), so it is their size in memory too. */
const OLDEST_UNPUBLISHED = `
  select id, topic, traceparent, events, payload
    from (select oldest.*, sum(pg_column_size(events) + pg_column_size(payload))
                             over (order by id rows between unbounded preceding and 1 preceding) as bytes_before
            from (select * from outbox where published_at is null and topic <> all($3::text[]) order by id limit $1) as oldest) as measured
   where coalesce(bytes_before, 0) < $2
   order by id`;

/** Cuts rows, in their order, into sends; what one statement said goes with one. */
function* sendsOf(rows: readonly StoredRow[]): Generator<StoredRow[]> {
  let some: StoredRow[] = [];
  let count = 0;
  for (const row of rows) {
    if (count > 0 && count + row.events.length > SEND_EVENTS) {
      yield some;
      some = [];
      count = 0;
    }
    some.push(row);
    count += row.events.length;
  }
  if (some.length > 0) yield some;
}

/**
 * Publishes rows, but for those of topics that the brokers do not know: which these are is found topic by topic. An aggregate is all on one
 * topic, so its order stays. Resolves with the rows of which all events are acknowledged.
 */
async function publishKnown(
  producer: RecordProducer,
  rows: readonly StoredRow[],
  missing: MissingTopics,
): Promise<readonly StoredRow[]> {
  const unknown = new Set(missing.current());
  const known = rows.filter(({ topic }) => !unknown.has(topic));
  if (known.length === 0) return [];
  try {
    await publish(producer, known);
    return known;
  } catch (error) {
    if (!isUnknownTopic(error)) throw error;
  }
  const byTopic = Map.groupBy(known, ({ topic }) => topic);
  const said: StoredRow[] = [];
  const [only] = byTopic.keys();
  if (byTopic.size === 1 && only !== undefined) {
    missing.add(only);
    return [];
  }
  for (const [topic, some] of byTopic) {
    try {
      await publish(producer, some);
      said.push(...some);
    } catch (error) {
      if (!isUnknownTopic(error)) throw error;
      missing.add(topic);
    }
  }
  return said;
}

/** Resolves when the brokers have acknowledged all events. */
async function publish(producer: RecordProducer, rows: readonly OutboxRow[]): Promise<void> {
  const spans: StartedSpan[] = [];
  const records = rows.flatMap((row) => recordsOf(row, spans));
  try {
    await producer.send(records);
  } catch (error) {
    for (const { span } of spans) span.setStatus({ code: SpanStatusCode.ERROR, message: errorName(error) });
    throw error;
  } finally {
    for (const { span } of spans) span.end();
  }
}

function mark(connection: LeaderConnection, rows: readonly StoredRow[]): Promise<unknown> {
  const marked = connection.query('update outbox set published_at = now() where id = any($1::bigint[])', [
    rows.map(({ id }) => id),
  ]);
  // The caller awaits it and handles a failure; until then Node must not take the rejection for one that nobody handles.
  marked.catch(() => undefined);
  return marked;
}

/**
 * CloudEvents 1.0, Kafka protocol binding 3.2 "Binary Content Mode": attributes are headers `ce_…`; the value is the event alone. Spans that
 * are started here are added to `spans`.
 */
function recordsOf({ topic, traceparent, events, payload }: OutboxRow, spans: StartedSpan[]): ProducedRecord[] {
  const source = isTopicName(topic) ? `/${topics[topic].owner}` : '/';
  return events.map((event) => {
    const { key } = event;
    const headers: Record<string, string> = isEvent(event)
      ? {
          ce_specversion: '1.0',
          ce_id: event.id,
          ce_type: event.type,
          ce_source: source,
          ce_time: event.time,
          ce_subject: key,
          'content-type': 'application/avro',
        }
      : {};
    if (traceparent !== null) {
      const started = startSpan(topic, traceparent, event);
      spans.push(started);
      headers['traceparent'] = traceparentOf(started.context) ?? traceparent;
    }
    const value = isEvent(event) ? payload.subarray(event.start, event.start + event.length) : null;
    return { topic, key, value, headers };
  });
}

const isEvent = (listed: ListedEvent | ListedTombstone): listed is ListedEvent => 'id' in listed;

function startSpan(topic: string, traceparent: string, event: ListedEvent | ListedTombstone): StartedSpan {
  return continueTrace(traceparent, `${topic} publish`, SpanKind.PRODUCER, {
    'messaging.destination.name': topic,
    'messaging.operation.type': 'publish',
    ...(isEvent(event) ? { 'bijli.event.type': event.type } : {}),
  });
}
