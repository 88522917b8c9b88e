import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { IHeaders } from 'kafkajs';
import { encodeBatch, encodeRecord, type GivenRecord } from '../test/encode-batch.ts';
import type { RawRecord } from './raw-record.ts';
import { type Portion, readRecordSet } from './record-set/read-record-set.ts';

const kafkajs = createRequire(__filename);
const folder = join(dirname(kafkajs.resolve('kafkajs/package.json')), 'src');
const writtenByKafkajs = kafkajs(join(folder, 'protocol/recordBatch/record/v0')) as (record: object) => {
  buf: Buffer;
  buffer: Buffer;
};
const Encoder = kafkajs(join(folder, 'protocol/encoder')) as new () => { writeBuffer(octets: Buffer): object };
const requestOf = kafkajs(join(folder, 'protocol/request')) as (from: object) => Promise<{ readonly buffer: Buffer }>;
const groupByPartition = kafkajs(join(folder, 'producer/groupMessagesPerPartition')) as (from: object) => object;

/** The only record of a batch, as it is read. */
async function readOnly(octets: Buffer): Promise<RawRecord> {
  const set = encodeBatch({ baseOffset: 40n, octets, count: 1, lastOffsetDelta: 3 });
  const place = { topic: 't', partition: 0, from: 40n, highWatermark: 44n, aborted: [] };
  const { value } = await readRecordSet({ ...place, octets: set }).next();
  return (value as Portion).records[0] as RawRecord;
}
const throughKafkajs = (headers: IHeaders): Promise<RawRecord> =>
  readOnly(writtenByKafkajs({ offsetDelta: 3, key: Buffer.from('k'), value: Buffer.from('v'), headers }).buffer);
const given = (record: GivenRecord): Promise<RawRecord> => readOnly(encodeRecord(record, 3));

describe('a record', () => {
  test('has the headers that were written, whether or not there is a traceparent among them', async () => {
    const traced = await throughKafkajs({ traceparent: '00-a-b-01', ce_type: 'Größe' });
    const plain = await throughKafkajs({ ce_type: Buffer.from('x'), twice: ['1', '2'] });
    const none = await throughKafkajs({});

    expect(traced).toMatchObject({ offset: 43n, key: 'k', timestamp: new Date(1_000), traceparent: '00-a-b-01' });
    expect(traced.headers).toEqual({ traceparent: '00-a-b-01', ce_type: 'Größe' });
    expect(plain.headers).toEqual({ ce_type: 'x', twice: '2' });
    expect([plain.traceparent, none.traceparent]).toEqual([undefined, undefined]);
    expect(none.headers).toEqual({});
  });

  test('whose headers only mention a traceparent has none', async () => {
    expect((await throughKafkajs({ note: 'traceparent' })).traceparent).toBeUndefined();
  });

  test('has its own traceparent, whatever stands in the value or beside it', async () => {
    const traceparent = '00-a-b-01';
    const records: GivenRecord[] = [
      { key: 'mentions', value: 'traceparent', headers: [['note', 'x']] },
      { key: 'traced', value: 'v', headers: [['traceparent', traceparent]], offsetDelta: 1 },
      { key: 'plain', value: 'v', headers: [], offsetDelta: 2 },
    ];
    const place = { topic: 't', partition: 0, from: 40n, highWatermark: 44n, aborted: [] };
    const { value } = await readRecordSet({ ...place, octets: encodeBatch({ baseOffset: 40n, records }) }).next();

    expect((value as Portion).records.map((record) => [record.key, record.traceparent])).toEqual([
      ['mentions', undefined],
      ['traced', traceparent],
      ['plain', undefined],
    ]);
  });

  test('with a header of any name or without value keeps to its own', async () => {
    const { headers } = await given({
      headers: [
        ['__proto__', 'x'],
        ['gone', '1'],
        ['gone', null],
      ],
    });

    expect(Object.entries(headers)).toEqual([['__proto__', 'x']]);
  });

  test('tells how many headers it has, and 300,000 equal ones are read in their number’s time', async () => {
    const record = await given({ headers: Array.from({ length: 300_000 }, () => ['a', '1'] as const) });

    expect(record.headerSize).toEqual({ count: 300_000, octets: 3 + 300_000 * 4 });
    expect(record.headers).toEqual({ a: '1' });
  });

  test.each([
    ['more headers than there are', Buffer.from([8, 2, 0x61, 2, 0x62])],
    ['a negative number of headers', Buffer.from([1])],
    ['a header longer than the record', Buffer.from([2, 0x7e, 0x61])],
    ['a number without end', Buffer.alloc(12, 0xff)],
    ['nothing where headers are', Buffer.alloc(0)],
  ])('that claims %s has those that can be read', async (_what, headers) => {
    const body = Buffer.concat([Buffer.from([0, 0, 6, 2, 0x6b, 2, 0x76]), headers]);
    const record = await readOnly(Buffer.concat([Buffer.from([2 * body.length]), body]));

    expect(record).toMatchObject({ key: 'k', value: Buffer.from('v') });
    expect(Object.keys(record.headers).length).toBeLessThan(2);
    expect(record.headerSize?.count).toBeGreaterThanOrEqual(0);
  });
});

describe('the patch', () => {
  // Apache Kafka, Record: length, attributes, timestamp delta, offset delta, key, value, headers; lengths and deltas are zigzag varints.
  test('writes a record with its headers into one buffer, as the protocol wants it', () => {
    const headers = { a: 'b', [`${'c'.repeat(100)}`]: Buffer.from('d'.repeat(300)) };
    const small = writtenByKafkajs({ offsetDelta: 3, key: 'k', value: Buffer.from('v'), headers: { a: 'b' } });
    const large = writtenByKafkajs({ offsetDelta: 300, key: 'k', value: null, headers });

    expect(small.buffer).toEqual(Buffer.from('1800000602 6b02 760202 610262'.replaceAll(' ', ''), 'hex'));
    expect(small.buf.length).toBeLessThan(64);
    expect(large.buffer.subarray(0, 9)).toEqual(Buffer.from('c006 0000 d804 026b01'.replaceAll(' ', ''), 'hex'));
    expect(large.buffer).toHaveLength(2 + 416);
  });

  // Apache Kafka, Request: size int32, key int16, version int16, correlation id int32, client id string (its length int16), what is asked.
  test.each([0, 1, 48, 49, 50, 51, 300])('writes a request of a client whose name has %i octets', async (length) => {
    const [clientId, asked] = ['c'.repeat(length), Buffer.alloc(700, 7)];
    const encode = async (): Promise<object> => new Encoder().writeBuffer(asked);
    const { buffer } = await requestOf({ correlationId: 5, clientId, request: { apiKey: 3, apiVersion: 2, encode } });

    const head = Buffer.alloc(14);
    head.writeInt32BE(10 + length + asked.length, 0);
    head.writeInt16BE(3, 4);
    head.writeInt16BE(2, 6);
    head.writeInt32BE(5, 8);
    head.writeInt16BE(length, 12);
    expect(buffer.equals(Buffer.concat([head, Buffer.from(clientId), asked]))).toBe(true);
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
