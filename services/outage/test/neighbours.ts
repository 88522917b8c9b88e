import type { ControlRoomEvent, EventOf, NetworkNodeEvent, TopicName } from '@bijli/events';
import { openKafka } from '@bijli/kafka';
import { appendEvents, appendTombstones, outboxRelay } from '@bijli/outbox';
import { closeDatabase, type Database, openDatabase, withTransaction } from '@bijli/postgres';
import { openLog } from '@bijli/service';
import { sayOctets, testKafkaBrokers } from '@bijli/testing';
import { newId } from '@bijli/units';
import { outboxDatabase } from './outage-database.ts';

/** Somebody beside the service: says things through an outbox and its relay, on topics with a prefix. */
async function startNeighbour(clientId: string, prefix: string) {
  const log = openLog(clientId, 'silent');
  const database = await outboxDatabase();
  const db: Database = openDatabase({ url: database.url, applicationName: clientId, onIdleError: () => {} });
  const kafka = openKafka({ clientId, brokers: testKafkaBrokers(), log, prefix });
  const relay = outboxRelay({ db, kafka, log });
  await relay.start();
  return {
    db,
    say: <T extends TopicName>(topic: T, events: readonly EventOf<T>[]) =>
      withTransaction(db, (tx) => appendEvents(tx, topic, events)),
    stop: async () => {
      await relay.stop();
      await closeDatabase(db);
      await database.close();
    },
  };
}

/** Says nodes as consumer-registry does. */
export async function startRegistry(prefix = '') {
  const { db, say, stop } = await startNeighbour('registry', prefix);
  return {
    say: (...events: NetworkNodeEvent[]) => say('consumer-registry.network.v1', events),
    erase: (...codes: string[]) =>
      withTransaction(db, (tx) => appendTombstones(tx, 'consumer-registry.network.v1', codes)),
    stop,
  };
}

/** Says what a control room says, and what it should not. */
export async function startControlRoom(prefix: string) {
  const { db, say, stop } = await startNeighbour('control-room', prefix);
  return {
    say: (...events: ControlRoomEvent[]) => say('control-room.outage.v1', events),
    /** Octets of its own; null is a tombstone. */
    write: async (key: string, value: Buffer | null) => {
      if (value === null) await withTransaction(db, (tx) => appendTombstones(tx, 'control-room.outage.v1', [key]));
      else await sayOctets(db, { topic: 'control-room.outage.v1', key, eventId: newId(), value });
    },
    stop,
  };
}

/** A report of a cut as the control room says it; the rest of an event of another type is given. */
export function controlRoomEvent(given: Partial<ControlRoomEvent>): ControlRoomEvent {
  return {
    eventId: newId(),
    type: 'OutageReported',
    occurredAt: new Date(),
    aggregateId: `CR-${newId()}`,
    version: 1,
    cause: null,
    nodeIds: [],
    startsAt: null,
    estimatedRestorationAt: null,
    restoredAt: null,
    exceptNodeIds: [],
    estimateSource: null,
    isConfirmed: true,
    ...given,
  };
}
