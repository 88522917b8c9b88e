import { isFromOutside, isTopicName, topics } from '@bijli/events';
import { createTopics, openKafka, type OtherPartitions } from '@bijli/kafka';
import { StartProblem } from './problem.ts';

/** The declared topics as they are now, and what somebody should know of them. */
export type MadeTopics = { readonly count: number; readonly warnings: string[] };

/** Makes the declared topics that are missing and mends the settings of those that are there. */
export async function makeTopics(brokers: string): Promise<MadeTopics> {
  const definitions = Object.entries(topics).map(([topic, { partitions, config }]) => ({ topic, partitions, config }));
  const warn = (): void => undefined; // what kafkajs warns of is tried again, or thrown
  const log = { debug() {}, info() {}, warn, error: warn };
  const kafka = openKafka({ clientId: 'start', brokers: brokers.split(','), log });
  try {
    const { otherPartitions } = await createTopics(kafka, definitions);
    return { count: definitions.length, warnings: otherPartitions.map(warningOf) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StartProblem(
      `Kafka at ${brokers} does not let us make the topics (${why}): mend KAFKA_BROKERS or unset it for the embedded one.`,
      { cause },
    );
  }
}

/** Says what another number of partitions means. It can be lived with, and is never changed: the order of what was said would be lost. */
export function warningOf({ topic, declared, actual }: OtherPartitions): string {
  const has = `${topic} has ${actual} partitions instead of ${declared}`;
  if (isTopicName(topic) && isFromOutside(topic)) return `${has}: all are heard`;
  return `${has}: ${actual > declared ? `the first ${declared}` : 'these'} are written to, all are heard; leave their number as it is`;
}
