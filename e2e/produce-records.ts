import { openKafka } from '@bijli/kafka';
import type { BrokenRecord, ForeignRecord, ForeignWriter } from './independent/foreign-records.ts';

/** Writes records to a topic one after the other, as somebody who is none of our services. */
export async function produce(brokers: string, topic: string, records: readonly ForeignRecord[]): Promise<void> {
  const silent = () => undefined;
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const producer = openKafka({ clientId: 'foreign', brokers: [brokers], log }).client.producer();
  await producer.connect();
  for (const record of records) await producer.send({ topic, messages: [record] });
  await producer.disconnect();
}

/** What is said of one aggregate each, and broken records to be put between. */
export type Said = {
  readonly write: ForeignWriter['write'];
  readonly broken: readonly BrokenRecord[];
  readonly good: readonly { aggregateId: string }[];
};

/** Says good events, each right after a broken record and once more at the end: a repeat is nothing new. */
export function produceAmongBroken(brokers: string, topic: string, { write, broken, good }: Said): Promise<void> {
  const recordOf = (event: { aggregateId: string }) => ({ key: event.aggregateId, value: write(event) });
  const first = good.flatMap((event, n) => [...broken.slice(n, n + 1).map(([, , bad]) => bad), recordOf(event)]);
  return produce(brokers, topic, [...first, ...good.map(recordOf)]);
}
