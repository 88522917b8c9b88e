export { until } from './until.ts';
export { type FreshDatabase, freshDatabase } from './fresh-database.ts';
export { type BrokerGate, openBrokerGate } from './broker-gate.ts';
export { type FetchedPartition, sealBatch } from './fetch-answer.ts';
export { testKafkaBrokers } from './test-kafka-brokers.ts';
export { breakOff, sayAgain, sayOctets } from './outbox-rows.ts';
export { randomName } from './random-name.ts';
export { decideCase } from './decide-case.ts';
export { type Authority, type Identity, makeAuthority } from './make-authority.ts';
