import type { Admin } from 'kafkajs';
import kafkajs from 'kafkajs';
import { awaitTopics } from './await-topics.ts';
import type { KafkaConnection } from './open-kafka.ts';

/** A topic as it should be. `config` is the whole set of its settings: whatever else somebody set is taken back. */
export type TopicDefinition = {
  readonly topic: string;
  readonly partitions: number;
  readonly replicationFactor?: number;
  readonly config: Readonly<Record<string, string>>;
};

/** Kafka's number for a setting made on the topic itself, as against a default (DescribeConfigs API, ConfigSource). */
const SET_ON_TOPIC = 1;

/** A topic that has more partitions than it was declared with, or fewer. */
export type OtherPartitions = { readonly topic: string; readonly declared: number; readonly actual: number };

/**
 * Creates the topics that are missing and gives those that are there the settings they should have; doing it again changes nothing. The
 * number of partitions of a topic that is there stays: keys would move, and with them the order of their events.
 */
export async function createTopics(
  connection: KafkaConnection,
  declared: readonly TopicDefinition[],
): Promise<{ created: string[]; altered: string[]; otherPartitions: OtherPartitions[] }> {
  const definitions = declared.map((definition) => ({ ...definition, topic: connection.prefix + definition.topic }));
  const admin = connection.client.admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const missing = definitions.filter(({ topic }) => !existing.has(topic));
    await create(admin, missing);
    const altered = await alterConfigs(
      admin,
      definitions.filter(({ topic }) => existing.has(topic)),
    );
    const ownName = (topic: string): string => topic.slice(connection.prefix.length);
    const others = await findOtherPartitions(connection, definitions);
    return {
      created: missing.map(({ topic }) => ownName(topic)),
      altered: altered.map(ownName),
      otherPartitions: others.map((other) => ({ ...other, topic: ownName(other.topic) })),
    };
  } finally {
    await admin.disconnect();
  }
}

/** Somebody else may create one of them at the same moment; kafkajs then answers false instead of failing. */
async function create(admin: Admin, definitions: readonly TopicDefinition[]): Promise<void> {
  if (definitions.length === 0) return;
  await admin.createTopics({
    waitForLeaders: false, // awaitTopics does, and also for a broker that has not heard of them
    topics: definitions.map(({ topic, partitions, replicationFactor, config }) => ({
      topic,
      numPartitions: partitions,
      ...(replicationFactor === undefined ? {} : { replicationFactor }),
      configEntries: entries(config),
    })),
  });
}

async function alterConfigs(admin: Admin, definitions: readonly TopicDefinition[]): Promise<string[]> {
  if (definitions.length === 0) return [];
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: definitions.map(({ topic }) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic })),
  });
  const actual = new Map(
    resources.map(({ resourceName, configEntries }) => [
      resourceName,
      Object.fromEntries(
        configEntries
          .filter(({ configSource }) => Number(configSource) === SET_ON_TOPIC)
          .map(({ configName, configValue }) => [configName, configValue]),
      ),
    ]),
  );
  const different = definitions.filter(({ topic, config }) => canonical(config) !== canonical(actual.get(topic) ?? {}));
  if (different.length > 0) {
    await admin.alterConfigs({
      validateOnly: false,
      resources: different.map(({ topic, config }) => ({
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name: topic,
        configEntries: entries(config),
      })),
    });
  }
  return different.map(({ topic }) => topic);
}

async function findOtherPartitions(
  { client }: KafkaConnection,
  definitions: readonly TopicDefinition[],
): Promise<OtherPartitions[]> {
  const topics = await awaitTopics(
    client,
    definitions.map(({ topic }) => topic),
  );
  return topics.flatMap(({ name, partitions: { length: actual } }) => {
    const declared = definitions.find(({ topic }) => topic === name)?.partitions ?? actual;
    return declared === actual ? [] : [{ topic: name, declared, actual }];
  });
}

const entries = (config: Readonly<Record<string, string>>): { name: string; value: string }[] =>
  Object.entries(config).map(([name, value]) => ({ name, value }));
const canonical = (config: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1)));
