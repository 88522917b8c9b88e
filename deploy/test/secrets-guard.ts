import { ofKind, type Resource, workloads } from './resources.ts';

/** Secrets that the operators make: users and authority of Kafka, authority of PostgreSQL. */
const madeByOperators = /^(kafka-user-.+|bijli-kafka-cluster-ca-cert|bijli-postgres-ca)$/;
type Cluster = { readonly managed: { roles: readonly { passwordSecret: { name: string } }[] } };

/**
 * Says which secrets are in the tree, where none may be, and which are asked for that nobody makes. @param made those that README tells to
 * make, with their keys, `<secret>/<key>`.
 */
export function secretProblems(resources: readonly Resource[], made: readonly string[]): string[] {
  const ofPods = workloads(resources).flatMap(({ pod }) =>
    (pod.volumes ?? []).flatMap(({ projected }) =>
      (projected?.sources ?? []).flatMap(({ secret }) => secret.items.map(({ key }) => `${secret.name}/${key}`)),
    ),
  );
  const ofRoles = ofKind(resources, 'Cluster').flatMap(({ spec }) =>
    (spec as Cluster).managed.roles.flatMap(({ passwordSecret: { name } }) => [`${name}/username`, `${name}/password`]),
  );
  const users = ofKind(resources, 'KafkaUser').map(({ metadata }) => `kafka-user-${metadata.name}`);
  const wanted = [...new Set([...ofPods, ...ofRoles])];
  const isMade = (secret: string): boolean => {
    const name = secret.split('/')[0] ?? '';
    if (name.startsWith('kafka-user-')) return users.includes(name);
    return madeByOperators.test(name) || made.includes(secret);
  };
  return [
    ...ofKind(resources, 'Secret').map(({ metadata }) => `${metadata.name} is a secret in the tree`),
    ...wanted.filter((secret) => !isMade(secret)).map((secret) => `nobody makes ${secret}`),
    ...made.filter((secret) => !wanted.includes(secret)).map((secret) => `nobody needs ${secret}`),
  ];
}
