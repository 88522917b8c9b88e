export { decodeEvent, encodeEvent } from './codec.ts';
export { accept, type Decision, reject } from './decision.ts';
export * from './generated/index.ts';
export { PoisonMessageError, type PoisonReason } from './poison-message-error.ts';
export { type PublishedSchema, publishedSchemas } from './published-schema.ts';
export { type EventOf, isFromOutside, isTopicName, type TopicDefinition, type TopicName, topics } from './topics.ts';
