import { stringify } from 'yaml';
import type { Hearing } from '../event-map/event-map.ts';

type Topics = Readonly<Record<string, { owner: string; partitions: number; config: Readonly<Record<string, string>> }>>;

/** One rule of an access control list: what a user may do with one topic or one group, by its full name. */
type Rule = {
  readonly resource: { type: 'topic' | 'group'; name: string; patternType: 'literal' };
  readonly operations: string[];
};

const apiVersion = 'kafka.strimzi.io/v1';
/** The name of the cluster in `deploy/overlays`. */
const labels = { 'strimzi.io/cluster': 'bijli-kafka' };
/** Three copies; a record is acknowledged when two have it, so that one broker may be away. */
const replicas = 3;
const safety = { 'min.insync.replicas': '2' };
const header =
  '# Written by `npm run gen-deploy` from libs/events/src/topics.ts and the subscriptions of the services.\n';

/** Writes the declared topics as Strimzi resources. */
export function topicResources(topics: Topics): string {
  return documents(
    Object.entries(topics).map(([name, { partitions, config }]) => ({
      apiVersion,
      kind: 'KafkaTopic',
      metadata: { name, labels },
      spec: { partitions, replicas, config: { ...config, ...safety } },
    })),
  );
}

/**
 * Writes a Strimzi user for each service that says or hears something, and for each system outside that says something. Each may write the
 * topics that it owns, read those that it hears, and read (so commit) in its own groups; reading and writing include describing.
 */
export function userResources(topics: Topics, hearings: readonly Hearing[]): string {
  const names = new Set([
    ...Object.values(topics).map(({ owner }) => owner),
    ...hearings.map(({ service }) => service),
  ]);
  return documents(
    [...names].sort().map((name) => ({
      apiVersion,
      kind: 'KafkaUser',
      metadata: { name, labels },
      spec: {
        authentication: { type: 'scram-sha-512' },
        authorization: { type: 'simple', acls: rulesOf(name, topics, hearings) },
      },
    })),
  );
}

function rulesOf(user: string, topics: Topics, hearings: readonly Hearing[]): Rule[] {
  const owned = Object.keys(topics).filter((topic) => topics[topic]?.owner === user);
  const heard = hearings.filter(({ service }) => service === user);
  return [
    ...owned.map((topic) => rule('topic', topic, 'Write')),
    ...[...new Set(heard.map(({ topic }) => topic))].map((topic) => rule('topic', topic, 'Read')),
    ...heard.map(({ name }) => rule('group', `${user}.${name}`, 'Read')),
  ];
}

const rule = (type: 'topic' | 'group', name: string, operation: string): Rule => ({
  resource: { type, name, patternType: 'literal' },
  operations: [operation],
});

const documents = (resources: readonly object[]): string =>
  header + resources.map((resource) => `---\n${stringify(resource, { aliasDuplicateObjects: false })}`).join('');
