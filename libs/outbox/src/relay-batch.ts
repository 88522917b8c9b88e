import { isTopicName, topics } from '@bijli/events';
import type { ProducedRecord, RecordProducer } from '@bijli/kafka/produce';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { errorName } from './error-name.ts';
import type { LeaderConnection } from './lead.ts';
import type { StartedSpan } from './trace-context.ts';
import { continueTrace, traceparentOf } from './trace-context.ts';

/** Rows that are looked up at once, at most, and about how many bytes of them are held in memory. */
const BATCH_ROWS = 4_000;
const BATCH_BYTES = 8 * 1024 * 1024;
/** Rows of one send (stack.md: 500 to 1,000). They are marked while the next ones are sent. */
const SEND_ROWS = 1_000;

type OutboxRow = {
  id: string;
  topic: string;
  key: string;
  value: Buffer | null;
  event_id: string | null;
  type: string | null;
  occurred_at: Date | null;
  traceparent: string | null;
};

/**
 * Publishes the oldest rows that are not published, in order, and marks them after the brokers' acknowledgement. Resolves with their
 * number. All on the leader's own connection: whoever lost it has lost the lead, and cannot mark.
 */
export async function relayBatch(
  connection: LeaderConnection,
  producer: RecordProducer,
  failpoint: (name: string) => Promise<void>,
): Promise<number> {
  const { rows } = await connection.query<OutboxRow>({
    name: 'oldest-unpublished', // prepared once: an idle relay asks four times a second
    text: OLDEST_UNPUBLISHED,
    values: [BATCH_ROWS, BATCH_BYTES],
  });
  if (rows.length === 0) return 0;
  const spans = rows.map(startSpan);
  let marked: Promise<unknown> = Promise.resolve();
  try {
    for (let from = 0; from < rows.length; from += SEND_ROWS) {
      const some = rows.slice(from, from + SEND_ROWS);
      await producer.send(some.map((row, index) => recordOf(row, spans[from + index])));
      await failpoint('relay.acked');
      await marked;
      marked = mark(connection, some);
    }
    await marked;
  } catch (error) {
    await marked.catch(() => undefined);
    for (const started of spans) started?.span.setStatus({ code: SpanStatusCode.ERROR, message: errorName(error) });
    throw error;
  } finally {
    for (const started of spans) started?.span.end();
  }
  return rows.length;
}

function mark(connection: LeaderConnection, rows: readonly OutboxRow[]): Promise<unknown> {
  const marked = connection.query('update outbox set published_at = now() where id = any($1::bigint[])', [
    rows.map(({ id }) => id),
  ]);
  // Whoever waits for it hears of a failure; until then it must not count as one that nobody handles.
  marked.catch(() => undefined);
  return marked;
}

const OLDEST_UNPUBLISHED = `
  select id, topic, key, value, event_id, type, occurred_at, traceparent
    from (select oldest.*, sum(coalesce(octet_length(value), 0)) over (order by id rows between unbounded preceding and 1 preceding) as bytes_before
            from (select * from outbox where published_at is null order by id limit $1) as oldest) as measured
   where coalesce(bytes_before, 0) < $2
   order by id`;

function startSpan({ traceparent, topic, type }: OutboxRow): StartedSpan | undefined {
  if (traceparent === null) return undefined;
  return continueTrace(traceparent, `${topic} publish`, SpanKind.PRODUCER, {
    'messaging.destination.name': topic,
    'messaging.operation.type': 'publish',
    ...(type === null ? {} : { 'bijli.event.type': type }),
  });
}

/** CloudEvents 1.0, Kafka protocol binding 3.2 "Binary Content Mode": attributes are headers `ce_…`; the value is the event alone. */
function recordOf(
  { topic, key, value, event_id, type, occurred_at, traceparent }: OutboxRow,
  started: StartedSpan | undefined,
): ProducedRecord {
  const parent = started === undefined ? undefined : (traceparentOf(started.context) ?? traceparent);
  const trace: Record<string, string> = parent === undefined || parent === null ? {} : { traceparent: parent };
  if (event_id === null) return { topic, key, value, headers: trace };
  return {
    topic,
    key,
    value,
    headers: {
      ce_specversion: '1.0',
      ce_id: event_id,
      ce_type: type ?? '',
      ce_source: isTopicName(topic) ? `/${topics[topic].owner}` : '/',
      ce_time: occurred_at?.toISOString() ?? '',
      ce_subject: key,
      'content-type': 'application/avro',
      ...trace,
    },
  };
}
