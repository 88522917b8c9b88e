import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { IHeaders, KafkaMessage } from 'kafkajs';
import { rawRecord } from './raw-record.ts';

const kafkajs = createRequire(__filename);
const folder = join(dirname(kafkajs.resolve('kafkajs/package.json')), 'src');
const encodeRecord = kafkajs(join(folder, 'protocol/recordBatch/record/v0')) as (record: object) => {
  buf: Buffer;
  buffer: Buffer;
};
const decodeBody = kafkajs(join(folder, 'protocol/recordBatch/record/v0/decoder')) as (
  from: object,
  batch: object,
) => Message;
const Decoder = kafkajs(join(folder, 'protocol/decoder')) as new (octets: Buffer) => { readVarInt(): number };
const groupByPartition = kafkajs(join(folder, 'producer/groupMessagesPerPartition')) as (from: object) => object;

type Message = KafkaMessage & { encodedHeaders?: Buffer };

/** A record as the patched kafkajs reads what it wrote. */
const throughKafkajs = (headers: IHeaders): Message => {
  const written = encodeRecord({ offsetDelta: 3, key: Buffer.from('k'), value: Buffer.from('v'), headers });
  const decoder = new Decoder(written.buffer);
  expect(decoder.readVarInt()).toBe(written.buffer.length - (written.buffer.length > 64 ? 2 : 1));
  return decodeBody(decoder, { firstOffset: '40', firstTimestamp: '1000', magicByte: 2 });
};

test('headers survive, whether or not there is a traceparent among them', () => {
  const traced = rawRecord('t', 0, throughKafkajs({ traceparent: '00-a-b-01', ce_type: 'Größe' }));
  const plain = rawRecord('t', 0, throughKafkajs({ ce_type: Buffer.from('x'), twice: ['1', '2'] }));
  const none = rawRecord('t', 0, throughKafkajs({}));

  expect(traced).toMatchObject({ offset: 43n, key: 'k', timestamp: new Date(1_000), traceparent: '00-a-b-01' });
  expect(traced.headers).toEqual({ traceparent: '00-a-b-01', ce_type: 'Größe' });
  expect(plain.headers).toEqual({ ce_type: 'x', twice: '2' });
  expect([plain.traceparent, none.traceparent]).toEqual([undefined, undefined]);
  expect(none.headers).toEqual({});
});

test('headers that only mention a traceparent are none', () => {
  expect(rawRecord('t', 0, throughKafkajs({ note: 'traceparent' })).traceparent).toBeUndefined();
});

describe('the patch', () => {
  test('keeps headers as they came', () => {
    expect(throughKafkajs({ a: 'b' }).encodedHeaders).toEqual(Buffer.from([2, 2, 0x61, 2, 0x62]));
  });

  // Apache Kafka, Record: length, attributes, timestamp delta, offset delta, key, value, headers; lengths and deltas are zigzag varints.
  test('writes a record with its headers into one buffer, as the protocol wants it', () => {
    const headers = { a: 'b', [`${'c'.repeat(100)}`]: Buffer.from('d'.repeat(300)) };
    const small = encodeRecord({ offsetDelta: 3, key: 'k', value: Buffer.from('v'), headers: { a: 'b' } });
    const large = encodeRecord({ offsetDelta: 300, key: 'k', value: null, headers });

    expect(small.buffer).toEqual(Buffer.from('1800000602 6b02 760202 610262'.replaceAll(' ', ''), 'hex'));
    expect(small.buf.length).toBeLessThan(64);
    expect(large.buffer.subarray(0, 9)).toEqual(Buffer.from('c006 0000 d804 026b01'.replaceAll(' ', ''), 'hex'));
    expect(large.buffer).toHaveLength(2 + 416);
  });

  test('sorts records by partition in their order', () => {
    const messages = Array.from({ length: 6 }, (_, key) => ({ key }));
    const partitioner = ({ message }: { message: { key: number } }) => message.key % 2;

    expect(groupByPartition({ topic: 't', partitionMetadata: [{}, {}], messages, partitioner })).toEqual({
      0: [{ key: 0 }, { key: 2 }, { key: 4 }],
      1: [{ key: 1 }, { key: 3 }, { key: 5 }],
    });
  });
});
