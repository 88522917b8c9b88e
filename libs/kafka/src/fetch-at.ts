import type { Batch, Consumer } from 'kafkajs';
import kafkajs from 'kafkajs';

/** An offset of a partition; the topic by the name that it has at the broker. */
export type Place = { readonly topic: string; readonly partition: number; readonly offset: bigint };

/** The broker does not give a partition; `code` is its error code (Apache Kafka, "Error Codes"). */
class BrokerRefusal extends Error {
  readonly code: string;

  constructor(errorCode: number) {
    super(`the broker answers error ${errorCode}`);
    this.name = 'BrokerRefusal';
    this.code = String(errorCode);
  }
}

/**
 * Fetches what stands at an offset, beside the group: the batch that holds it, whole, and some behind it. Null where the topic has the
 * offset not yet or no more; rejects when the broker is away or refuses (`BrokerRefusal`).
 */
export async function fetchAt(consumer: Consumer, { offset, ...place }: Place): Promise<Batch | null> {
  try {
    const batch = await consumer.fetchPartition({ ...place, offset: String(offset) });
    if (batch.errorCode !== 0) throw new BrokerRefusal(batch.errorCode);
    return batch.recordSet.length === 0 ? null : batch;
  } catch (error) {
    if (error instanceof kafkajs.KafkaJSOffsetOutOfRange) return null;
    throw error;
  }
}
