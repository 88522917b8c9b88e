import type { ConnectionEvent } from '@bijli/events';
import type { Heard } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { type Connection, upsertConnections } from '../store/upsert-connections.ts';

/** Keeps of the connections what a complaint needs: whose account numbers they are, and where they hang. */
export function onConnection(tx: Transaction, heard: readonly Heard<ConnectionEvent>[]): Promise<void> {
  return upsertConnections(
    tx,
    heard.map(({ event }) => connectionOf(event)),
  );
}

function connectionOf(event: ConnectionEvent): Connection {
  const { aggregateId, version, accountNumber, formerAccountNumbers, nodeId, state } = event;
  const isErased = state === 'erased';
  return {
    connectionId: aggregateId,
    version,
    state,
    accountNumber: isErased ? null : accountNumber,
    formerAccountNumbers: isErased ? [] : formerAccountNumbers,
    nodeCode: isErased || nodeId === '' ? null : nodeId,
  };
}
