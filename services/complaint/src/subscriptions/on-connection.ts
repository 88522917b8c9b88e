import type { ConnectionEvent, EnvelopeField } from '@bijli/events';
import type { Heard } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { type Connection, upsertConnections } from '../store/upsert-connections.ts';

/** What this service needs to know of a connection, besides which and what version it is. */
export const connectionFields = ['accountNumber', 'formerAccountNumbers', 'nodeId', 'state'] as const;
type KnownConnection = Pick<ConnectionEvent, EnvelopeField | (typeof connectionFields)[number]>;

/** Keeps of the connections what a complaint needs: whose account numbers they are, and where they hang. */
export function onConnection(tx: Transaction, heard: readonly Heard<KnownConnection>[]): Promise<void> {
  return upsertConnections(
    tx,
    heard.map(({ event }) => connectionOf(event)),
  );
}

function connectionOf(event: KnownConnection): Connection {
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
