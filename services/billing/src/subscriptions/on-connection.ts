import type { ConnectionEvent, EnvelopeField } from '@bijli/events';
import type { Heard } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { keepConnections } from '../flows/keep-connections.ts';

/** What this service needs to know of a connection, besides which and what version it is. */
export const connectionFields = ['accountNumber', 'formerAccountNumbers', 'state'] as const;
type KnownConnection = Pick<ConnectionEvent, EnvelopeField | (typeof connectionFields)[number]>;

/** Keeps which account numbers there are, and enters what waited for them. */
export function onConnection(tx: Transaction, heard: readonly Heard<KnownConnection>[]): Promise<void> {
  return keepConnections(
    tx,
    heard.map(({ event: { aggregateId, version, accountNumber, formerAccountNumbers, state } }) => ({
      id: aggregateId,
      version,
      accountNumber: state === 'erased' ? null : accountNumber,
      formerNumbers: state === 'erased' ? [] : formerAccountNumbers,
    })),
  );
}
