import { isUuid } from '@bijli/units';
import { PoisonMessageError } from './poison-message-error.ts';
import { publishedSchemas } from './published-schemas.ts';
import { type RecordCodec, type RecordReader, recordCodec } from './record-codec.ts';
import { type EventOf, type TopicName, topics } from './topics.ts';

/**
 * The wire format of a record (Confluent): its first octet is 0, four octets hold the id of the writer's schema, big
 * endian, and the Avro record follows.
 */
const MAGIC = 0;
const ID_AT = 1;
const BODY_AT = 5;

/** What every event has in common; the rest of an event is its own. */
type Envelope = { readonly eventId: string; readonly aggregateId: string; readonly version: number };

/** What a reader is given of every event, whatever else it reads. */
export type EnvelopeField = 'eventId' | 'type' | 'aggregateId' | 'version';
const ENVELOPE_FIELDS: ReadonlySet<string> = new Set<EnvelopeField>(['eventId', 'type', 'aggregateId', 'version']);

/** By the id of the schema that wrote what they read. */
type Readers = ReadonlyMap<number, RecordReader>;
type VersionCodec = {
  readonly id: number;
  readonly version: number;
  readonly schema: object;
  readonly codec: RecordCodec;
};

type TopicCodec = {
  /** Where records are written, as long as the largest: encoding is synchronous, so all share it. */
  readonly target: Buffer;
  readonly newest: RecordCodec;
  readonly versions: readonly VersionCodec[];
  readonly readers: Readers;
  /** Readers of some fields only, by the list of those, and for as long as there is that. */
  readonly partReaders: WeakMap<readonly string[], Readers>;
};

const newestOf = <T extends { readonly version: number }>(versions: readonly T[]): T =>
  versions.reduce((newest, each) => (each.version > newest.version ? each : newest));

function openTopic(topic: TopicName): TopicCodec {
  const versions = publishedSchemas()
    .filter((published) => published.topic === topic)
    .map((published) => ({ ...published, codec: recordCodec(published.schema) }));
  const newest = newestOf(versions);
  const target = Buffer.allocUnsafeSlow(topics[topic].maxRecordBytes);
  target[0] = MAGIC;
  target.writeUInt32BE(newest.id, ID_AT);
  const readers = readersBy(newest.codec, versions);
  return { target, newest: newest.codec, versions, readers, partReaders: new WeakMap() };
}

function readersBy(reader: RecordCodec, versions: readonly VersionCodec[]): Readers {
  return new Map(versions.map(({ id, codec }) => [id, reader.reader(codec)]));
}

/** Avro's own way to read less: a reader's schema without the other fields, which are passed over. */
function partCodec(schema: object, fields: readonly string[]): RecordCodec {
  const { fields: all } = schema as { readonly fields: readonly { readonly name: string }[] };
  return recordCodec({
    ...schema,
    fields: all.filter(({ name }) => ENVELOPE_FIELDS.has(name) || fields.includes(name)),
  });
}

/** Made when a topic is first used: a service pays only for the topics that it touches. */
const opened = new Map<TopicName, TopicCodec>();

function codecOf(topic: TopicName): TopicCodec {
  const known = opened.get(topic) ?? openTopic(topic);
  opened.set(topic, known);
  return known;
}

function envelopeProblem({ eventId, aggregateId, version }: Envelope): string | undefined {
  if (!isUuid(eventId)) return 'eventId is no UUID';
  if (aggregateId === '') return 'aggregateId is empty';
  return version < 1 ? 'version is below 1' : undefined;
}

function encodeChecked(topic: TopicName, { newest, target }: TopicCodec, event: unknown): number {
  try {
    return newest.encodeInto(event, target, BODY_AT);
  } catch {
    // The driver's message repeats the value: it is replaced, not wrapped.
    throw new Error(`${topic}: ${newest.invalidFields(event).join(', ')} does not fit the schema`);
  }
}

/**
 * Writes an event as the value of a record of its topic, by the newest published version. Throws `Error` when the
 * event does not fit the schema (names the fields, not their values) or is larger than the topic allows: both are
 * bugs of the caller.
 */
export function encodeEvent<T extends TopicName>(topic: T, event: EventOf<T>): Buffer {
  const codec = codecOf(topic);
  const end = encodeChecked(topic, codec, event);
  const problem = envelopeProblem(event);
  if (problem !== undefined) throw new Error(`${topic}: ${problem}`);
  if (end < 0) throw new Error(`${topic}: an event is larger than ${topics[topic].maxRecordBytes} octets`);
  return Buffer.from(codec.target.subarray(0, end));
}

function partReadersOf(topic: TopicName, fields: readonly string[]): Readers {
  const { partReaders, versions } = codecOf(topic);
  const known = partReaders.get(fields) ?? readersBy(partCodec(newestOf(versions).schema, fields), versions);
  partReaders.set(fields, known);
  return known;
}

function readerOf(topic: TopicName, readers: Readers, id: number): RecordReader {
  const reader = readers.get(id);
  if (reader !== undefined) return reader;
  const foreign = publishedSchemas().some((published) => published.id === id);
  if (foreign) throw new PoisonMessageError('foreign-schema', `schema ${id} belongs to another topic than ${topic}`);
  throw new PoisonMessageError('unknown-schema', `schema ${id} is not published`);
}

function checkFrame(topic: TopicName, value: Buffer): void {
  const { maxRecordBytes } = topics[topic];
  if (value.length === 0) throw new PoisonMessageError('empty', 'the record has no octets');
  if (value.length > maxRecordBytes) {
    throw new PoisonMessageError(
      'too-large',
      `the record has ${value.length} octets, ${topic} allows ${maxRecordBytes}`,
    );
  }
  if (value[0] !== MAGIC || value.length < BODY_AT) {
    throw new PoisonMessageError('not-framed', 'the record does not begin with 0 and a schema id');
  }
}

function decodeBy(topic: TopicName, readers: Readers, value: Buffer): Envelope {
  checkFrame(topic, value);
  const event = readerOf(topic, readers, value.readUInt32BE(ID_AT))(value, BODY_AT) as Envelope;
  const problem = envelopeProblem(event);
  if (problem !== undefined) throw new PoisonMessageError('bad-envelope', problem);
  return event;
}

/**
 * Reads the value of a record of a topic, whichever published version wrote it; fields that its writer did not know
 * have their defaults. The work is bounded by the size of the record. Throws `PoisonMessageError` for a record that
 * no retry will help. A record without value (tombstone) is the caller's: it never comes here.
 */
export function decodeEvent<T extends TopicName>(topic: T, value: Buffer): EventOf<T> {
  return decodeBy(topic, codecOf(topic).readers, value) as EventOf<T>;
}

/**
 * Reads some fields of an event and the envelope, at half the cost of all; otherwise like `decodeEvent`: the other fields are looked at
 * and not made, and what is poison there is poison here. `fields` is always the same array: its readers are made once.
 */
export function decodeFields<T extends TopicName, F extends keyof EventOf<T>>(
  topic: T,
  value: Buffer,
  fields: readonly F[],
): Pick<EventOf<T>, F | EnvelopeField> {
  return decodeBy(topic, partReadersOf(topic, fields as readonly string[]), value) as EventOf<T>;
}
