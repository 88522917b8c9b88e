import { openKafka, subscribe } from '@bijli/kafka';
import { openProducer } from '@bijli/kafka/produce';

const TOPIC = 'outage.outage.v1';
const KAFKA = 11;

type HeardRecord = { readonly value: Buffer; readonly headers: Record<string, string> };

/** What the outage service said, read beside the services and said again. */
export type OutageTopic = {
  /** How many records there are of an outage by now. Throws when the topic cannot be read any more. */
  count(outageId: string): number;
  /** Says the latest record of an outage again, octet for octet, so often. */
  sayAgain(outageId: string, times: number): Promise<void>;
  close(): Promise<void>;
};

/** Begins to read the topic of outages of the system at a base port. */
export async function readOutageTopic(basePort: number): Promise<OutageTopic> {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const kafka = openKafka({ clientId: 'bench', brokers: [`127.0.0.1:${basePort + KAFKA}`], log: silent });
  const producer = await openProducer(kafka);
  const heard = new Map<string, HeardRecord[]>();
  let lost: unknown;
  const reader = await subscribe(kafka, {
    ...{ group: `bench-${crypto.randomUUID()}`, topics: [TOPIC], log: silent },
    onBatch: async (records) => {
      for (const { key, value, headers } of records) {
        if (key !== null && value !== null) heard.set(key, [...(heard.get(key) ?? []), { value, headers }]);
      }
    },
    onUnreadable: async () => undefined,
    onFatal: (error) => (lost = error),
  });
  return {
    count: (outageId) => {
      if (lost !== undefined) throw new Error('the topic cannot be read any more', { cause: lost });
      return heard.get(outageId)?.length ?? 0;
    },
    sayAgain: async (outageId, times) => {
      const record = heard.get(outageId)?.at(-1);
      if (record === undefined) throw new Error('nothing was said of that outage');
      await producer.send(Array.from({ length: times }, () => ({ topic: TOPIC, key: outageId, ...record })));
    },
    close: async () => {
      await reader.stop();
      await producer.close();
    },
  };
}
