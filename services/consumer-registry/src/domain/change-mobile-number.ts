import type { ConnectionEvent, Decision } from '@bijli/events';
import {
  type Connection,
  type Contact,
  EVERY_PURPOSE,
  type KeptNumber,
  MAX_CONTACTS,
  type Source,
} from './connection.ts';
import { connectionEvent } from './connection-event.ts';

/** Somebody gives the mobile number of a contact, for the first time or anew. The number comes sealed. */
export type ChangeMobileNumber = {
  readonly contactNo: number;
  readonly number: KeptNumber;
  readonly source: Exclude<Source, 'import'>;
  /** Language of a contact that is made by this command; an existing one keeps its own. */
  readonly language: Contact['language'];
  /** Version that the change is based on; undefined where the caller does not mind. */
  readonly basedOn: number | undefined;
  readonly eventId: string;
};

/** Why a number is not taken. */
export type NumberRejection = 'connection-erased' | 'stale-version' | 'contact-unknown' | 'too-many-contacts';

const newContact = (command: ChangeMobileNumber, now: Date): Contact => ({
  contactNo: command.contactNo,
  language: command.language,
  numberState: 'collected',
  number: command.number,
  purposes: EVERY_PURPOSE,
  source: command.source,
  changedAt: now,
});

const withNumber = (contact: Contact, { number, source }: ChangeMobileNumber, now: Date): Contact => ({
  ...contact,
  number,
  source,
  numberState: 'collected',
  changedAt: now,
});

const isSame = (contact: Contact | undefined, number: KeptNumber): boolean =>
  contact?.number?.blindIndex === number.blindIndex;

/** A contact's number is never used again, so the next one is counted from the largest that was ever there. */
function rejectionOf(connection: Connection, command: ChangeMobileNumber): NumberRejection | undefined {
  const { contacts, state, version } = connection;
  if (state === 'erased') return 'connection-erased';
  if (command.basedOn !== undefined && command.basedOn !== version) return 'stale-version';
  const largest = Math.max(0, ...contacts.map(({ contactNo }) => contactNo));
  const isKnown = contacts.some(({ contactNo }) => contactNo === command.contactNo);
  if (isKnown || command.contactNo === largest + 1)
    return command.contactNo > MAX_CONTACTS ? 'too-many-contacts' : undefined;
  return 'contact-unknown';
}

function changed(connection: Connection, command: ChangeMobileNumber, now: Date): Connection {
  const { contactNo } = command;
  const current = connection.contacts.find((contact) => contact.contactNo === contactNo);
  const contact = current === undefined ? newContact(command, now) : withNumber(current, command, now);
  const others = connection.contacts.filter((each) => each.contactNo !== contactNo);
  const contacts = [...others, contact].toSorted((one, other) => one.contactNo - other.contactNo);
  return { ...connection, version: connection.version + 1, contacts };
}

/**
 * Decides about a mobile number for a contact. The same number again changes nothing; the contact after the last one
 * is made by its first number. Rejects what is based on another version, and a contact that leaves a gap.
 */
export function changeMobileNumber(
  connection: Connection,
  command: ChangeMobileNumber,
  now: Date,
): Decision<Connection, ConnectionEvent, NumberRejection> {
  const code = rejectionOf(connection, command);
  if (code !== undefined) return { accepted: false, code };
  const contact = connection.contacts.find(({ contactNo }) => contactNo === command.contactNo);
  if (isSame(contact, command.number)) return { accepted: true, state: connection, events: [] };
  const state = changed(connection, command, now);
  const happening = { eventId: command.eventId, type: 'ContactChanged', occurredAt: now } as const;
  return { accepted: true, state, events: [connectionEvent(happening, state)] };
}
