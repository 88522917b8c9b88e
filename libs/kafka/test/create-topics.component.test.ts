import { describe, expect, test } from '@jest/globals';
import kafkajs from 'kafkajs';
import type { KafkaConnection } from '../src/index.ts';
import { createTopics } from '../src/index.ts';
import { testConnection } from './fixtures.ts';

const DAY_MS = 86_400_000;
const definition = (config: Record<string, string>, partitions = 3) => ({ topic: 'made', partitions, config });
const compact = {
  'cleanup.policy': 'compact',
  'segment.ms': String(DAY_MS),
  'max.compaction.lag.ms': String(7 * DAY_MS),
};

async function settingsOf(connection: KafkaConnection): Promise<Record<string, string>> {
  const admin = connection.client.admin();
  await admin.connect();
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [
      {
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name: `${connection.prefix}made`,
        configNames: ['cleanup.policy', 'segment.ms', 'retention.ms'],
      },
    ],
  });
  await admin.disconnect();
  return Object.fromEntries(
    resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]) ?? [],
  );
}

describe('createTopics', () => {
  test('creates a topic with its settings, and changes nothing the second time', async () => {
    const connection = testConnection();

    expect(await createTopics(connection, [definition(compact)])).toEqual({
      created: ['made'],
      altered: [],
      otherPartitions: [],
    });
    expect(await createTopics(connection, [definition(compact)])).toEqual({
      created: [],
      altered: [],
      otherPartitions: [],
    });
    expect(await settingsOf(connection)).toMatchObject({ 'cleanup.policy': 'compact', 'segment.ms': String(DAY_MS) });
  });

  test('changes one setting without losing the others, and takes back what is not declared', async () => {
    const connection = testConnection();
    await createTopics(connection, [definition({ ...compact, 'retention.ms': '1000000' })]);

    const changed = await createTopics(connection, [definition({ ...compact, 'segment.ms': '3600000' })]);

    expect(changed).toEqual({ created: [], altered: ['made'], otherPartitions: [] });
    expect(await settingsOf(connection)).toEqual({
      'cleanup.policy': 'compact',
      'segment.ms': '3600000',
      'retention.ms': String(7 * DAY_MS),
    });
  });

  test('raced by two, creates it once and fails for neither', async () => {
    const connection = testConnection();

    await Promise.all([
      createTopics(connection, [definition(compact)]),
      createTopics(connection, [definition(compact)]),
    ]);

    expect(await settingsOf(connection)).toMatchObject({ 'cleanup.policy': 'compact' });
  });

  test.each([
    ['more', 6, 3],
    ['fewer', 2, 3],
  ])('leaves a topic with %s partitions as it is, and tells of it', async (_what, actual, declared) => {
    const connection = testConnection();
    await createTopics(connection, [definition(compact, actual)]);

    const expected = { created: [], altered: [], otherPartitions: [{ topic: 'made', declared, actual }] };
    expect(await createTopics(connection, [definition(compact, declared)])).toEqual(expected);
  });
});
