import avsc from 'avsc';

/** A record as it goes to Kafka, octet by octet; nothing about it need make sense. */
export type ForeignRecord = {
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers?: Record<string, string>;
};

/** Writes records the way any client of the schema endpoint does: schema by HTTP, frame, Avro. */
export type ForeignWriter = {
  readonly schemaId: number;
  write(event: object): Buffer;
};

/** Asks the schema endpoint for the latest schema of a topic. */
export async function foreignWriter(endpoint: string, topic: string): Promise<ForeignWriter> {
  const answer = await fetch(`${endpoint}/subjects/${topic}-value/versions/latest`);
  const { id, schema } = (await answer.json()) as { id: number; schema: string };
  const type = avsc.Type.forSchema(JSON.parse(schema) as avsc.Schema, { wrapUnions: false });
  return { schemaId: id, write: (event) => framed(id, type.toBuffer(event)) };
}

/** Confluent's frame: 0, then the id of the schema in four octets. */
function framed(schemaId: number, body: Buffer): Buffer {
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(schemaId, 1);
  return Buffer.concat([frame, body]);
}

/** A record that nobody can take, by what is wrong with it, and the reason that its dead letter must tell. */
export type BrokenRecord = [what: string, reason: string, record: ForeignRecord];

/** Every way in which a record of a topic can be wrong, made of one that is right. */
export function brokenRecords(
  { schemaId, write }: ForeignWriter,
  event: { aggregateId: string },
  { foreignSchemaId, maxOctets, number }: { foreignSchemaId: number; maxOctets: number; number: string },
): BrokenRecord[] {
  const key = event.aggregateId;
  const value = write(event);
  const body = value.subarray(5);
  const unpublished = 4_711;
  return [
    ['garbage', 'not-framed', { key, value: Buffer.from('{"type":"json"}') }],
    ['cut short', 'malformed', { key, value: value.subarray(0, -6) }],
    ['with an octet too many', 'trailing-bytes', { key, value: Buffer.concat([value, Buffer.from([0])]) }],
    ['of a schema that nobody published', 'unknown-schema', { key, value: framed(unpublished, body) }],
    ['of the schema of another subject', 'foreign-schema', { key, value: framed(foreignSchemaId, body) }],
    ['too large', 'too-large', { key, value: Buffer.concat([value, Buffer.alloc(maxOctets)]) }],
    ['of the frame alone', 'malformed', { key, value: framed(schemaId, Buffer.alloc(0)) }],
    ['without octets', 'empty', { key, value: Buffer.alloc(0) }],
    ['without value', 'empty', { key, value: null }],
    ['without key', 'foreign-key', { key: null, value }],
    ["with another's key", 'foreign-key', { key: 'another', value }],
    ['garbage with a number', 'not-framed', { key, value: Buffer.from(`{"mobile":"${number}"}`) }],
    [
      'cut short after a number',
      'malformed',
      { key, value: Buffer.concat([value.subarray(0, -6), Buffer.from(number)]) },
    ],
    ['keyed by a number', 'foreign-key', { key: number, value }],
    [
      'with a number in a header',
      'not-framed',
      { key, value: Buffer.from('x'), headers: { [number]: `+91 ${number}` } },
    ],
  ];
}
