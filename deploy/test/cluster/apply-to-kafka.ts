import { createTopics, type KafkaConnection } from '@bijli/kafka';
import { ofKind, type Resource } from '../resources.ts';

type TopicSpec = { readonly partitions: number; readonly config: Readonly<Record<string, string>> };
type Rule = {
  readonly resource: { type: 'topic' | 'group'; name: string };
  readonly operations: readonly ('Read' | 'Write')[];
};
type UserSpec = { readonly authorization: { acls: readonly Rule[] } };

/** Numbers of Kafka's protocol (org.apache.kafka.common: ResourceType, PatternType, AclOperation, AclPermissionType). */
const resourceTypes = { topic: 2, group: 3 };
const operationNumbers = { Read: 3, Write: 4 };
const LITERAL = 3;
const ALLOW = 3;

/** Does what Strimzi's operators do with the topics and users of an overlay; of each topic there is one copy, on the one broker. */
export async function applyToKafka(administrator: KafkaConnection, resources: readonly Resource[]): Promise<void> {
  const topics = ofKind(resources, 'KafkaTopic').map(({ metadata, spec }) => {
    const { partitions, config } = spec as TopicSpec;
    return {
      topic: metadata.name,
      partitions,
      replicationFactor: 1,
      config: { ...config, 'min.insync.replicas': '1' },
    };
  });
  await createTopics(administrator, topics);
  const acl = ofKind(resources, 'KafkaUser').flatMap(({ metadata, spec }) =>
    (spec as UserSpec).authorization.acls.flatMap(({ resource, operations }) =>
      operations.map((operation) => ({
        resourceType: resourceTypes[resource.type],
        resourceName: resource.name,
        resourcePatternType: LITERAL,
        principal: `User:${metadata.name}`,
        host: '*',
        operation: operationNumbers[operation],
        permissionType: ALLOW,
      })),
    ),
  );
  const admin = administrator.client.admin();
  await admin.connect();
  try {
    await admin.createAcls({ acl });
  } finally {
    await admin.disconnect();
  }
}
