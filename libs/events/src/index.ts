export { decodeEvent, decodeFields, encodeEvent, type EnvelopeField } from './codec.ts';
export { accept, type Decision, reject } from './decision.ts';
export * from './generated/index.ts';
export { PoisonMessageError, type PoisonReason } from './poison-message-error.ts';
export type { PublishedSchema } from './published-schema.ts';
export { publishedSchemas } from './published-schemas.ts';
export { type EventOf, isFromOutside, isTopicName, type TopicDefinition, type TopicName, topics } from './topics.ts';
