import type { ConnectionEvent } from '@bijli/events';
import type { Heard } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { keepConnections } from '../flows/keep-connections.ts';

/** Keeps which account numbers there are, and enters what waited for them. */
export function onConnection(tx: Transaction, heard: readonly Heard<ConnectionEvent>[]): Promise<void> {
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
