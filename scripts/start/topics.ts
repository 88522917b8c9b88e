import { topics } from '@bijli/events';
import { createTopics, openKafka } from '@bijli/kafka';
import { StartProblem } from './problem.ts';

/** Makes the declared topics that are missing and mends the settings of those that are there; answers how many there are. */
export async function makeTopics(brokers: string): Promise<number> {
  const definitions = Object.entries(topics).map(([topic, { partitions, config }]) => ({ topic, partitions, config }));
  const warnings: string[] = [];
  const warn = (fields: object): void => void warnings.push(JSON.stringify(fields));
  const log = { debug() {}, info() {}, warn, error: warn };
  const kafka = openKafka({ clientId: 'start', brokers: brokers.split(','), log });
  try {
    await createTopics(kafka, definitions);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StartProblem(
      `Kafka at ${brokers} does not let us make the topics (${why}): mend KAFKA_BROKERS or unset it for the embedded one.`,
      { cause },
    );
  }
  return definitions.length;
}
