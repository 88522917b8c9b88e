import { describe, expect, test } from '@jest/globals';
import { buildOverlay } from './build-overlay.ts';
import { isCustom, problemsOfCustom } from './custom-kinds.ts';
import { edited } from './edited.ts';

const resources = buildOverlay('district').filter(isCustom);

describe('what the operators of Kafka and PostgreSQL are given', () => {
  test('is of kinds and forms that they know', () => {
    expect(resources.flatMap(problemsOfCustom)).toEqual([]);
    expect([...new Set(resources.map(({ kind }) => kind))].sort()).toEqual([
      'Cluster',
      'Database',
      'Kafka',
      'KafkaNodePool',
      'KafkaTopic',
      'KafkaUser',
    ]);
  });

  test.each([
    [
      'a field under another name',
      'KafkaTopic',
      '/spec/replicas',
      'replicationFactor',
      'must NOT have additional properties',
    ],
    [
      'a field deep down under another name',
      'Kafka',
      '/spec/kafka/listeners/0/tls',
      'ssl',
      'must NOT have additional properties',
    ],
    ['a field under another name', 'Cluster', '/spec/instances', 'replicas', 'must NOT have additional properties'],
    ['a field under another name', 'Database', '/spec/owner', 'ownerRole', 'must NOT have additional properties'],
  ])('with %s is refused: %s %s', (_, kind, path, name, problem) => {
    const wrong = edited(resources, kind, path, { renamed: name });

    expect(wrong.flatMap(problemsOfCustom).join('\n')).toContain(`${problem}: ${name}`);
  });

  test.each([
    ['KafkaTopic', '/spec/partitions', '12', 'must be integer'],
    ['KafkaUser', '/spec/authentication/type', 'scram', 'must be equal to one of the allowed values'],
    ['KafkaUser', '/spec/authorization/acls/0/operations', 'Read', 'must be array'],
    ['KafkaNodePool', '/spec/replicas', -1, 'must be >= 0'],
    ['Kafka', '/spec/kafka/listeners/0/port', 'https', 'must be integer'],
    ['Cluster', '/spec/postgresql/synchronous/method', 'all', 'must be equal to one of the allowed values'],
    ['Cluster', '/spec/postgresql/parameters/max_connections', 200, 'must be string'],
    ['Database', '/spec/cluster', 'bijli-postgres', 'must be object'],
  ])('with a value of another type is refused: %s %s', (kind, path, value, problem) => {
    const wrong = edited(resources, kind, path, { value });

    expect(wrong.flatMap(problemsOfCustom).join('\n')).toContain(problem);
  });

  test('of a kind or version that the operator does not have is refused', () => {
    const old = edited(resources, 'Kafka', '/apiVersion', { value: 'kafka.strimzi.io/v1beta2' });

    expect(old.flatMap(problemsOfCustom)).toEqual(['Kafka bijli-kafka: kafka.strimzi.io/v1beta2 has no such kind']);
  });
});
