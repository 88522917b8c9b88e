import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { IHeaders, KafkaMessage } from 'kafkajs';
import { rawRecord } from './raw-record.ts';

const kafkajs = createRequire(__filename);
const folder = join(dirname(kafkajs.resolve('kafkajs/package.json')), 'src/protocol');
const encodeRecord = kafkajs(join(folder, 'recordBatch/record/v0')) as (record: object) => { buffer: Buffer };
const decodeBody = kafkajs(join(folder, 'recordBatch/record/v0/decoder')) as (from: object, batch: object) => Message;
const Decoder = kafkajs(join(folder, 'decoder')) as new (octets: Buffer) => { readVarInt(): number };

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
  expect({ ...traced }.headers).toEqual(traced.headers);
  expect(none.headers).toEqual({});
});

test('headers that only mention a traceparent are none', () => {
  expect(rawRecord('t', 0, throughKafkajs({ note: 'traceparent' })).traceparent).toBeUndefined();
});

test('the patch keeps headers as they came', () => {
  expect(throughKafkajs({ a: 'b' }).encodedHeaders).toEqual(Buffer.from([2, 2, 0x61, 2, 0x62]));
});
