import type { ComposeService } from './compose-services.ts';
import { ofKind, type Resource, workloads } from './resources.ts';

/** What was declared elsewhere in the repository: topics, and databases by their name. */
export type Declared = {
  readonly topics: Readonly<
    Record<string, { partitions: number; owner: string; config: Readonly<Record<string, string>> }>
  >;
  readonly databases: readonly string[];
  readonly compose: Readonly<Record<string, ComposeService>>;
};

type Rule = {
  readonly resource: { type: string; name: string; patternType: string };
  readonly operations: readonly string[];
};
type TopicSpec = {
  readonly partitions: number;
  readonly replicas: number;
  readonly config: Readonly<Record<string, string>>;
};
type UserSpec = { readonly authentication: { type: string }; readonly authorization: { acls: readonly Rule[] } };
type KafkaSpec = {
  readonly kafka: { version: string; authorization?: { type: string }; listeners: readonly Listener[] };
};
type Listener = { readonly name: string; readonly tls: boolean; readonly authentication?: { type: string } };
type DatabaseSpec = { readonly name: string; readonly owner: string; readonly databaseReclaimPolicy: string };
type ClusterSpec = {
  readonly managed: { roles: readonly { name: string; login: boolean; superuser?: boolean }[] };
  readonly postgresql: { parameters: Readonly<Record<string, string>> };
};

/** Says which topics are missing, strange, or less safe than they should be, and which users may do more than they should. */
export function kafkaProblems(resources: readonly Resource[], { topics, compose }: Declared): string[] {
  const made = new Map(ofKind(resources, 'KafkaTopic').map(({ metadata, spec }) => [metadata.name, spec as TopicSpec]));
  const version = compose['kafka']?.image.split(':')[1];
  const [cluster] = ofKind(resources, 'Kafka').map(({ spec }) => (spec as KafkaSpec).kafka);
  return [
    ...Object.entries(topics).flatMap(([topic, declared]) => {
      const found = made.get(topic);
      if (!found) return [`${topic} is not made`];
      const wanted = {
        partitions: declared.partitions,
        replicas: 3,
        config: { ...declared.config, 'min.insync.replicas': '2' },
      };
      return JSON.stringify(found, keysIn) === JSON.stringify(wanted, keysIn)
        ? []
        : [`${topic} is not made as it is declared`];
    }),
    ...[...made.keys()].filter((topic) => !topics[topic]).map((topic) => `${topic} is made and not declared`),
    ...ofKind(resources, 'KafkaUser').flatMap(({ metadata, spec }) =>
      userProblems(metadata.name, spec as UserSpec, topics),
    ),
    ...(cluster?.version === version ? [] : [`Kafka is ${cluster?.version}, in docker-compose.yml ${version}`]),
    ...(cluster?.authorization?.type === 'simple' ? [] : ['Kafka lets everybody do everything']),
    ...(cluster?.listeners ?? [])
      .filter(({ tls, authentication }) => !tls || authentication?.type !== 'scram-sha-512')
      .map(({ name }) => `the listener ${name} of Kafka does not ask who one is, or does not encrypt`),
  ];
}

function userProblems(user: string, { authentication, authorization }: UserSpec, topics: Declared['topics']): string[] {
  return [
    ...(authentication.type === 'scram-sha-512' ? [] : [`${user} has no password`]),
    ...authorization.acls.flatMap(({ resource: { type, name, patternType }, operations }) => {
      const rule = `${user} may ${operations.join(', ')} ${type} ${name}`;
      if (patternType !== 'literal' || name.includes('*')) return [`${rule}: not one thing by its name`];
      if (type === 'group' && name.startsWith(`${user}.`) && `${operations}` === 'Read') return [];
      if (type === 'topic' && topics[name] && `${operations}` === (topics[name].owner === user ? 'Write' : 'Read'))
        return [];
      return [`${rule}: more than it needs`];
    }),
  ];
}

/** Says which databases, roles and migrations are missing, and which settings of PostgreSQL differ from docker-compose.yml. */
export function postgresProblems(resources: readonly Resource[], { databases, compose }: Declared): string[] {
  const made = ofKind(resources, 'Database').map(({ spec }) => spec as DatabaseSpec);
  const [cluster] = ofKind(resources, 'Cluster').map(({ spec }) => spec as ClusterSpec);
  const roles = cluster?.managed.roles ?? [];
  const commands = workloads(resources).flatMap(({ kind, pod }) =>
    kind === 'Job' ? pod.containers.map(({ command }) => command) : [],
  );
  return [
    ...databases.flatMap((name) => [
      ...(made.some(
        (one) => one.name === name && one.owner === `${name}_owner` && one.databaseReclaimPolicy === 'retain',
      )
        ? []
        : [`the database ${name} is not made for its owner, to stay`]),
      ...['owner', 'app']
        .filter((role) => !roles.some((one) => one.name === `${name}_${role}` && one.login && !one.superuser))
        .map((role) => `the role ${name}_${role} is not made`),
      ...(commands.some((command) => command?.includes('scripts/deploy/migrate.ts') && command.at(-1) === name)
        ? []
        : [`the database ${name} is not migrated`]),
    ]),
    ...made.filter(({ name }) => !databases.includes(name)).map(({ name }) => `the database ${name} is nobody’s`),
    ...parametersOf(compose['postgres'])
      .filter(([name = '', value]) => cluster?.postgresql.parameters[name] !== value)
      .map(([name, value]) => `PostgreSQL has not ${name}=${value}, which docker-compose.yml has`),
  ];
}

function parametersOf(postgres: ComposeService | undefined): string[][] {
  const words = Array.isArray(postgres?.command) ? (postgres.command as string[]) : [];
  return words.filter((word) => /^[a-z_]+=/.test(word)).map((word) => word.split('='));
}

/** Makes the order of names say nothing. */
const keysIn = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).sort()) : value;
