import { describe, expect, test } from '@jest/globals';
import { publishedSchemas } from './published-schemas.ts';
import { isTopicName, topics } from './topics.ts';

describe('topics', () => {
  test.each(Object.entries(topics))('%s is named after its schema and its owner, and is published', (name, topic) => {
    expect(name).toBe(`${topic.schema.replace('/', '.')}.v1`);
    expect(topic.schema.split('/')[0]).toBe(topic.owner);
    expect(publishedSchemas().some((published) => published.topic === name)).toBe(true);
  });

  test.each(Object.entries(topics))(
    '%s has 12 partitions, a cap and a clean-up that its configuration says',
    (_, topic) => {
      expect(topic.partitions).toBe(12);
      expect(topic.maxRecordBytes).toBeLessThanOrEqual(262_144);
      expect(topic.config['cleanup.policy']).toBe(topic.cleanup);
    },
  );

  test('keeps the state of connections and nodes, and outages for 30 days', () => {
    expect(topics['consumer-registry.connection.v1'].config).toEqual({
      'cleanup.policy': 'compact',
      'compression.type': 'producer',
      'max.compaction.lag.ms': '604800000',
      'segment.ms': '86400000',
      'delete.retention.ms': '604800000',
    });
    expect(topics['outage.outage.v1'].config).toEqual({
      'cleanup.policy': 'delete',
      'compression.type': 'producer',
      'retention.ms': '2592000000',
    });
  });

  test('has no topic by the name of what every object has', () => {
    expect(isTopicName('constructor')).toBe(false);
    expect(isTopicName('outage.outage.v1')).toBe(true);
  });
});
