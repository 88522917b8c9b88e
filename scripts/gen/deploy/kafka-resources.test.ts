import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { topicResources, userResources } from './kafka-resources.ts';

const config = { 'cleanup.policy': 'delete', 'retention.ms': '3600000' };
const topics = {
  'outage.outage.v1': { owner: 'outage', partitions: 12, config },
  'control-room.outage.v1': { owner: 'control-room', partitions: 12, config },
};
const hearing = { service: 'outage', mode: 'inbox', topic: 'control-room.outage.v1', name: 'control-room' };
const notifier = { service: 'notifier', mode: 'inbox', topic: 'outage.outage.v1', name: 'outages' };

const resourcesIn = (text: string) =>
  parseAllDocuments(text).map((document) => document.toJS() as { metadata: { name: string }; spec: object });

describe('topicResources', () => {
  test('makes each topic as it is declared, on three brokers of which two must have a record', () => {
    const [outage] = resourcesIn(topicResources(topics));

    expect(outage).toMatchObject({
      metadata: { name: 'outage.outage.v1' },
      spec: { partitions: 12, replicas: 3, config: { ...config, 'min.insync.replicas': '2' } },
    });
  });
});

describe('userResources', () => {
  test('lets each write what it owns, read what it hears, and commit in its own groups', () => {
    const allowed = resourcesIn(userResources(topics, [hearing, notifier])).map(({ metadata, spec }) => {
      const { acls } = (
        spec as { authorization: { acls: { resource: { type: string; name: string }; operations: string[] }[] } }
      ).authorization;
      return [metadata.name, acls.map(({ resource, operations }) => `${operations} ${resource.type} ${resource.name}`)];
    });

    expect(allowed).toEqual([
      ['control-room', ['Write topic control-room.outage.v1']],
      ['notifier', ['Read topic outage.outage.v1', 'Read group notifier.outages']],
      [
        'outage',
        ['Write topic outage.outage.v1', 'Read topic control-room.outage.v1', 'Read group outage.control-room'],
      ],
    ]);
  });

  test('names a topic once that is heard twice', () => {
    const again = { ...notifier, name: 'planned-outages' };

    expect(userResources({}, [notifier, again]).match(/type: topic/g)).toHaveLength(1);
  });
});
