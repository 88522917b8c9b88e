import type { ConnectionEvent, Decision } from '@bijli/events';
import { appendEvents } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import {
  type ChangeMobileNumber,
  changeMobileNumber as decide,
  type NumberRejection,
} from '../domain/change-mobile-number.ts';
import { type Connection, contactOf } from '../domain/connection.ts';
import { loadConnectionForUpdate } from '../store/connection-rows.ts';
import { saveNumberChange } from '../store/save-number-change.ts';

/** A change as the caller means it: of which account, by whom. */
export type RequestedChange = {
  readonly accountNumber: string;
  readonly changedBy: string;
  readonly command: ChangeMobileNumber;
};
export type NumberDecision = Decision<Connection, ConnectionEvent, NumberRejection>;

/**
 * Changes a contact's mobile number inside the caller's transaction: loads its connection under lock, decides, stores, and appends the event.
 * Gives null where no connection has this account number; fails with `lockNotAvailable` while an import is saving its rows.
 */
export async function changeMobileNumber(
  tx: Transaction,
  { accountNumber, changedBy, command }: RequestedChange,
  now: Date,
): Promise<NumberDecision | null> {
  const connection = await loadConnectionForUpdate(tx, accountNumber);
  if (connection === null) return null;
  const decision = decide(connection, command, now);
  if (!decision.accepted || decision.events.length === 0) return decision;
  const { contactNo } = command;
  const after = contactOf(decision.state, contactNo);
  if (after === null) return decision;
  await saveNumberChange(tx, decision.state, { before: contactOf(connection, contactNo), after, changedBy });
  await appendEvents(tx, 'consumer-registry.connection.v1', decision.events);
  return decision;
}
