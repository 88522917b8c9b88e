import type { ConnectionEvent, Contact as EventContact } from '@bijli/events';
import type { ConnectionFacts, ContactFacts } from './connection.ts';

/** What of an event is not in the state after it. */
export type Happening = {
  readonly eventId: string;
  readonly type: ConnectionEvent['type'];
  readonly occurredAt: Date;
};

const eventContact = (contact: ContactFacts): EventContact => ({
  contactNo: contact.contactNo,
  language: contact.language,
  numberState: contact.numberState,
  sealedNumber: contact.number?.sealed ?? null,
  sealKeyId: contact.number?.keyId ?? null,
  purposes: contact.purposes,
});

/** Tells what happened to a connection with its full state after it. The blind index stays behind. */
export function connectionEvent(happening: Happening, connection: ConnectionFacts): ConnectionEvent {
  return {
    ...happening,
    aggregateId: connection.id,
    version: connection.version,
    accountNumber: connection.accountNumber,
    category: connection.category,
    state: connection.state,
    nodeId: connection.nodeCode ?? '',
    contacts: connection.contacts.map(eventContact),
    formerAccountNumbers: connection.formerAccountNumbers,
  };
}
