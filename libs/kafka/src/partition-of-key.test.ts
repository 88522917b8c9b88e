import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import kafkajs from 'kafkajs';
import { byKey, murmur2 } from './partition-of-key.ts';

const partitionMetadata = Array.from({ length: 12 }, (_, partitionId) => ({
  partitionId,
  leader: 1,
  partitionErrorCode: 0,
  replicas: [1],
  isr: [1],
}));

test('a key goes where every other client sends it', () => {
  const theirs = kafkajs.Partitioners.DefaultPartitioner();
  const ours = byKey()();

  for (let length = 0; length < 500; length += 1) {
    const key = randomBytes(length % 70);
    const args = { topic: 'a', partitionMetadata, message: { key, value: null } };
    expect(ours(args)).toBe(theirs(args));
  }
});

test('a key stays where it was when a topic has got more partitions than are written to, or fewer', () => {
  const before = byKey()();
  const after = byKey(() => 12)();
  const more = [...partitionMetadata, ...partitionMetadata];
  const fewer = partitionMetadata.slice(0, 5);
  const partitions = Array.from({ length: 500 }, (_, at) => {
    const args = { topic: 'a', message: { key: `key ${at}`, value: null } };
    expect(after({ ...args, partitionMetadata: more })).toBe(before({ ...args, partitionMetadata }));
    return after({ ...args, partitionMetadata: fewer });
  });

  expect(Math.max(...partitions)).toBe(4);
});

// Apache Kafka, clients/src/test/java/org/apache/kafka/common/utils/UtilsTest.java, testMurmur2.
test.each([
  ['21', -973_932_308],
  ['foobar', -790_332_482],
  ['a-little-bit-long-string', -985_981_536],
  ['a-little-bit-longer-string', -1_486_304_829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58_897_971],
])('murmur2 of %s is %i', (text, hash) => {
  expect(murmur2(Buffer.from(text))).toBe(hash);
});
