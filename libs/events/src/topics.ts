import type { EventBySchema, SchemaName } from './generated/event-by-schema.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const KIBIBYTE = 1_024;

/** How one topic is made, keyed and kept. `schema` is its file below `schemas/`, without the extension. */
export type TopicDefinition<S extends SchemaName = SchemaName> = {
  readonly schema: S;
  readonly keyField: 'aggregateId';
  readonly cleanup: 'compact' | 'delete';
  /** Who alone writes it: a service, or a system that is not ours (billing-system, control-room). */
  readonly owner: string;
  /** Never changed: the order of the events of one aggregate depends on it. */
  readonly partitions: 12;
  /** Octets of the largest record, frame included; the codec refuses larger ones both ways. */
  readonly maxRecordBytes: number;
  /** The whole configuration at the broker: what is not named here falls back to the broker's default. */
  readonly config: Readonly<Record<string, string>>;
};

/** `<service>.<aggregate>.v1` of `<service>/<aggregate>`. */
type TopicOf<S extends SchemaName> = S extends `${infer Service}/${infer Aggregate}`
  ? `${Service}.${Aggregate}.v1`
  : never;

/** Batches stay as their producer packed them, whatever a cluster makes of others (docs/adr/0011-every-codec-is-read.md). */
const asProduced = { 'compression.type': 'producer' } as const;

/** The newest record of each key stays; a tombstone stays a week, longer than any reader is away. */
const compacted = {
  'cleanup.policy': 'compact',
  ...asProduced,
  'max.compaction.lag.ms': String(7 * DAY_MS),
  'segment.ms': String(DAY_MS),
  'delete.retention.ms': String(7 * DAY_MS),
} as const;

const keptForThirtyDays = { 'cleanup.policy': 'delete', 'retention.ms': String(30 * DAY_MS), ...asProduced } as const;

/** Every topic: a schema without a row here does not compile. */
export const topics = {
  'consumer-registry.connection.v1': {
    schema: 'consumer-registry/connection',
    keyField: 'aggregateId',
    cleanup: 'compact',
    owner: 'consumer-registry',
    partitions: 12,
    maxRecordBytes: 64 * KIBIBYTE,
    config: compacted,
  },
  'consumer-registry.network.v1': {
    schema: 'consumer-registry/network',
    keyField: 'aggregateId',
    cleanup: 'compact',
    owner: 'consumer-registry',
    partitions: 12,
    maxRecordBytes: 64 * KIBIBYTE,
    config: compacted,
  },
  'outage.outage.v1': {
    schema: 'outage/outage',
    keyField: 'aggregateId',
    cleanup: 'delete',
    owner: 'outage',
    partitions: 12,
    maxRecordBytes: 256 * KIBIBYTE,
    config: keptForThirtyDays,
  },
  'billing.account.v1': {
    schema: 'billing/account',
    keyField: 'aggregateId',
    cleanup: 'delete',
    owner: 'billing',
    partitions: 12,
    maxRecordBytes: 64 * KIBIBYTE,
    config: keptForThirtyDays,
  },
  'complaint.complaint.v1': {
    schema: 'complaint/complaint',
    keyField: 'aggregateId',
    cleanup: 'delete',
    owner: 'complaint',
    partitions: 12,
    maxRecordBytes: 64 * KIBIBYTE,
    config: keptForThirtyDays,
  },
  'billing-system.account.v1': {
    schema: 'billing-system/account',
    keyField: 'aggregateId',
    cleanup: 'delete',
    owner: 'billing-system',
    partitions: 12,
    maxRecordBytes: 64 * KIBIBYTE,
    config: keptForThirtyDays,
  },
  'control-room.outage.v1': {
    schema: 'control-room/outage',
    keyField: 'aggregateId',
    cleanup: 'delete',
    owner: 'control-room',
    partitions: 12,
    maxRecordBytes: 256 * KIBIBYTE,
    config: keptForThirtyDays,
  },
} as const satisfies { readonly [S in SchemaName as TopicOf<S>]: TopicDefinition<S> };

/** Name of a topic. */
export type TopicName = keyof typeof topics;

/** The events that travel on a topic. */
export type EventOf<T extends TopicName> = EventBySchema[(typeof topics)[T]['schema']];

/** Owners of topics that are no services of ours: what they write may be anything, in any number of partitions. */
const OUTSIDE_OWNERS: ReadonlySet<string> = new Set(['billing-system', 'control-room']);

/** Tells whether a topic is written from outside. */
export function isFromOutside(topic: TopicName): boolean {
  return OUTSIDE_OWNERS.has(topics[topic].owner);
}

/** Tells whether a text is the name of one of the topics. */
export function isTopicName(text: string): text is TopicName {
  return Object.hasOwn(topics, text);
}
