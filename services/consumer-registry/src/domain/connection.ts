import type { ConnectionEvent, Contact as EventContact } from '@bijli/events';

/** On whose word a contact is what it is. */
export type Source = 'import' | 'je' | 'self' | 'billing';

/** A mobile number as it is kept: one sealed block of 16 octets, the id of its key, and its blind index. */
export type KeptNumber = { readonly sealed: Buffer; readonly keyId: string; readonly blindIndex: bigint };

/** One person to be told about a connection. `number` is null while `numberState` is absent or malformed. */
export type Contact = {
  readonly contactNo: number;
  readonly language: EventContact['language'];
  readonly numberState: EventContact['numberState'];
  readonly number: KeptNumber | null;
  readonly purposes: EventContact['purposes'];
  readonly source: Source;
  readonly changedAt: Date;
};

/** What an event tells of a contact. */
export type ContactFacts = Pick<Contact, 'contactNo' | 'language' | 'numberState' | 'purposes'> & {
  readonly number: Pick<KeptNumber, 'sealed' | 'keyId'> | null;
};

/** What an event tells of a connection. `nodeCode` is null while nobody knows which node supplies it. */
export type ConnectionFacts = {
  readonly id: string;
  readonly accountNumber: string;
  readonly category: ConnectionEvent['category'];
  readonly state: ConnectionEvent['state'];
  readonly nodeCode: string | null;
  /** Numbers that the account had before, in the order of the alphabet. */
  readonly formerAccountNumbers: readonly string[];
  /** 1 for the first event, then without gaps. */
  readonly version: number;
  /** In the order of their numbers, at most 16. */
  readonly contacts: readonly ContactFacts[];
};

/** A connection as the registry knows it. The name is the consumer's, and never leaves the registry by an event. */
export type Connection = Omit<ConnectionFacts, 'contacts'> & {
  readonly contacts: readonly Contact[];
  readonly localityEn: string;
  readonly localityHi: string;
  readonly meterNumber: string;
  readonly consumerName: string;
};

/** What a contact is told about unless it said otherwise. */
export const EVERY_PURPOSE: Contact['purposes'] = ['outage', 'billing', 'complaint'];

/** Most contacts of one connection. */
export const MAX_CONTACTS = 16;

/** The contact of this number, if there is one. */
export function contactOf({ contacts }: Connection, contactNo: number): Contact | null {
  return contacts.find((contact) => contact.contactNo === contactNo) ?? null;
}
