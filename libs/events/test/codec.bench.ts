import {
  type ConnectionEvent,
  decodeEvent,
  decodeFields,
  encodeEvent,
  type OutageEvent,
  PoisonMessageError,
} from '@bijli/events';
import { newId } from '@bijli/units';

// `pnpm --filter @bijli/events bench` prints figures of this machine; it asserts nothing.

const ROUNDS = 200_000;

const connection: ConnectionEvent = {
  eventId: newId(),
  type: 'ConnectionChanged',
  occurredAt: new Date(),
  aggregateId: newId(),
  version: 3,
  accountNumber: '4000012345',
  category: 'domestic',
  state: 'active',
  nodeId: 'DT-004711',
  formerAccountNumbers: [],
  contacts: [
    {
      contactNo: 1,
      language: 'hi',
      numberState: 'collected',
      sealedNumber: Buffer.alloc(16, 7),
      sealKeyId: '2026',
      purposes: ['outage', 'billing', 'complaint'],
    },
  ],
};

const outage: OutageEvent = {
  eventId: newId(),
  type: 'OutageReported',
  occurredAt: new Date(),
  aggregateId: newId(),
  version: 1,
  kind: 'unplanned',
  status: 'open',
  cause: 'line-fault',
  nodeIds: ['F-1203'],
  startsAt: new Date(),
  estimatedRestorationAt: new Date(),
  restoredAt: null,
  ownNodeIds: [],
  energisedNodeIds: [],
  energisedAt: null,
  estimateSource: null,
};

function measure(name: string, work: () => unknown): void {
  for (let round = 0; round < ROUNDS / 10; round += 1) work();
  const startedAt = performance.now();
  for (let round = 0; round < ROUNDS; round += 1) work();
  const tookMs = performance.now() - startedAt;
  console.log(`${name.padEnd(28)} ${Math.round((ROUNDS / tookMs) * 1000).toLocaleString('en-IN')} events/s`);
}

const connectionRecord = encodeEvent('consumer-registry.connection.v1', connection);
const outageRecord = encodeEvent('outage.outage.v1', outage);
console.log(`connection ${connectionRecord.length} octets, outage ${outageRecord.length} octets`);
measure('connection encode', () => encodeEvent('consumer-registry.connection.v1', connection));
measure('connection decode', () => decodeEvent('consumer-registry.connection.v1', connectionRecord));
const billed = ['accountNumber', 'formerAccountNumbers', 'state'] as const;
measure('connection decode, in part', () => decodeFields('consumer-registry.connection.v1', connectionRecord, billed));
measure('outage encode', () => encodeEvent('outage.outage.v1', outage));
measure('outage decode', () => decodeEvent('outage.outage.v1', outageRecord));

const bombAt = outageRecord.indexOf('line-fault') + 'line-fault'.length;
const bomb = Buffer.concat([outageRecord.subarray(0, bombAt), Buffer.from([0xfe, 0xff, 0xff, 0xff, 0x3f, 0])]);
const startedAt = performance.now();
try {
  decodeEvent('outage.outage.v1', bomb);
} catch (error) {
  const message = error instanceof PoisonMessageError ? `${error.reason}: ${error.message}` : String(error);
  console.log(`six-octet bomb refused in ${(performance.now() - startedAt).toFixed(2)} ms (${message})`);
}
