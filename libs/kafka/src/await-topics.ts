import { setTimeout as wait } from 'node:timers/promises';
import type { ITopicMetadata, Kafka } from 'kafkajs';
import kafkajs from 'kafkajs';

/** How long is waited for a broker to hear of a topic, and how often it is asked. */
const PATIENCE = { withinMs: 30_000, everyMs: 100 };
/** What a broker answers about a partition that the controller has made and it has not heard of yet, or does not hold yet. */
const NOT_YET = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION']);

/**
 * Gives what a broker knows of topics that exist, as soon as every partition's leader answers for it. kafkajs itself waits for the leaders'
 * names only: a busy broker that has not heard of a new topic at all is an error to it, and where some of the partitions can be written to
 * and some cannot, its producer sends all of the records once more. Each time somebody new asks: kafkajs would ask the leader that it knows, though
 * there be another by now. Rejects with the broker's answer when the patience is over.
 */
export async function awaitTopics(
  client: Pick<Kafka, 'admin'>,
  topics: readonly string[],
  { withinMs, everyMs } = PATIENCE,
): Promise<readonly ITopicMetadata[]> {
  for (const deadline = Date.now() + withinMs; ; await wait(everyMs)) {
    try {
      return await askLeaders(client, topics);
    } catch (error) {
      if (!isNotYetKnown(error) || Date.now() >= deadline) throw error;
    }
  }
}

async function askLeaders(client: Pick<Kafka, 'admin'>, topics: readonly string[]): Promise<readonly ITopicMetadata[]> {
  const admin = client.admin();
  await admin.connect();
  try {
    const known = await admin.fetchTopicMetadata({ topics: [...topics] });
    for (const topic of topics) await admin.fetchTopicOffsets(topic);
    return known.topics;
  } finally {
    await admin.disconnect();
  }
}

/** kafkajs wraps what it tried again in vain. */
function isNotYetKnown(error: unknown): boolean {
  if (error instanceof kafkajs.KafkaJSProtocolError) return NOT_YET.has(error.type);
  return error instanceof kafkajs.KafkaJSNumberOfRetriesExceeded && isNotYetKnown(error.cause);
}
