import { topics } from '@bijli/events';
import { describe, expect, test } from '@jest/globals';
import { databaseNames } from '@bijli/start/databases';
import { buildOverlay } from './build-overlay.ts';
import { composeServices } from './compose-services.ts';
import { type Edit, edited, without } from './edited.ts';
import { kafkaProblems, postgresProblems } from './stores-guard.ts';

const resources = buildOverlay('district');
const declared = { topics, databases: databaseNames, compose: composeServices() };

describe('topics and users of Kafka', () => {
  test('are those that are declared, and may do what they must', () => {
    expect(kafkaProblems(resources, declared)).toEqual([]);
  });

  test('are missed where one place alone has them', () => {
    const { 'outage.outage.v1': known, ...others } = topics;
    const more = { ...others, 'outage.index.v1': known };

    expect(kafkaProblems(without(resources, 'KafkaTopic', 'outage.outage.v1'), declared)).toEqual([
      'outage.outage.v1 is not made',
    ]);
    expect(kafkaProblems(resources, { ...declared, topics: more })).toEqual(
      expect.arrayContaining(['outage.index.v1 is not made', 'outage.outage.v1 is made and not declared']),
    );
  });

  test.each<[string, string, string, Edit]>([
    ['billing.account.v1 is not made as it is declared', 'KafkaTopic', '/spec/partitions', { value: 6 }],
    ['billing.account.v1 is not made as it is declared', 'KafkaTopic', '/spec/replicas', { value: 1 }],
    ['billing.account.v1 is not made as it is declared', 'KafkaTopic', '/spec/config/min.insync.replicas', 'removed'],
    ['outage has no password', 'KafkaUser', '/spec/authentication/type', { value: 'tls-external' }],
    ['Kafka is 4.2.0, in docker-compose.yml 4.3.1', 'Kafka', '/spec/kafka/version', { value: '4.2.0' }],
    ['Kafka lets everybody do everything', 'Kafka', '/spec/kafka/authorization', 'removed'],
    [
      'the listener services of Kafka does not ask who one is, or does not encrypt',
      'Kafka',
      '/spec/kafka/listeners/0/tls',
      { value: false },
    ],
  ])('are found when %s', (problem, kind, path, edit) => {
    expect(kafkaProblems(edited(resources, kind, path, edit), declared)).toContain(problem);
  });

  const rule = (type: string, name: string, operation: string, patternType = 'literal') => ({
    resource: { type, name, patternType },
    operations: [operation],
  });
  test.each([
    ['not one thing by its name', rule('topic', '*', 'Read')],
    ['not one thing by its name', rule('topic', 'outage.', 'Read', 'prefix')],
    ['more than it needs', rule('topic', 'billing.account.v1', 'Write')],
    ['more than it needs', rule('topic', 'outage.outage.v1', 'All')],
    ['more than it needs', rule('group', 'notifier.outages', 'Read')],
    ['more than it needs', rule('cluster', 'kafka-cluster', 'Create')],
  ])('may do %s: %j', (problem, acl) => {
    const wrong = edited(resources, 'KafkaUser', '/spec/authorization/acls', { value: [acl] });

    expect(kafkaProblems(wrong, declared).filter((one) => one.startsWith('outage '))).toEqual([
      expect.stringContaining(problem),
    ]);
  });
});

describe('databases and roles of PostgreSQL', () => {
  test('are those of the services, with the settings of docker-compose.yml', () => {
    expect(postgresProblems(resources, declared)).toEqual([]);
  });

  test.each<[string, string, string, Edit]>([
    ['the database outage is not made for its owner, to stay', 'Database', '/spec/owner', { value: 'postgres' }],
    [
      'the database outage is not made for its owner, to stay',
      'Database',
      '/spec/databaseReclaimPolicy',
      { value: 'delete' },
    ],
    ['the role notifier_app is not made', 'Cluster', '/spec/managed/roles', { value: [] }],
    ['the role consumer_registry_owner is not made', 'Cluster', '/spec/managed/roles/0/login', { value: false }],
    ['the database outage is not migrated', 'Job', '/spec/template/spec/containers', { value: [] }],
    [
      'PostgreSQL has not log_error_verbosity=terse, which docker-compose.yml has',
      'Cluster',
      '/spec/postgresql/parameters/log_error_verbosity',
      { value: 'default' },
    ],
  ])('are found when %s', (problem, kind, path, edit) => {
    expect(postgresProblems(edited(resources, kind, path, edit), declared)).toContain(problem);
  });

  test('are missed where one place alone has them', () => {
    expect(postgresProblems(resources, { ...declared, databases: [...databaseNames, 'portal'] })).toEqual([
      'the database portal is not made for its owner, to stay',
      'the role portal_owner is not made',
      'the role portal_app is not made',
      'the database portal is not migrated',
    ]);
    expect(postgresProblems(resources, { ...declared, databases: databaseNames.slice(1) })).toEqual([
      'the database consumer_registry is nobody’s',
    ]);
  });
});
