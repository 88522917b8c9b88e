import type { ConnectionEvent, Contact } from '@bijli/events';

/** One contact as the fan-out reads it. */
export type AudienceRow = {
  readonly connectionId: string;
  readonly contactNo: number;
  readonly nodeId: string;
  readonly accountNumber: string;
  readonly isCritical: boolean;
  readonly connectionState: string;
  readonly mobileIndex: bigint;
  readonly sealedNumber: Buffer | null;
  readonly sealKeyId: string | null;
  readonly numberState: string;
  readonly language: 'hi' | 'en';
  readonly wantsOutages: boolean;
  readonly wantsBilling: boolean;
  readonly wantsComplaints: boolean;
};

/** What the audience needs to know of a connection. */
export type AudienceFacts = Pick<
  ConnectionEvent,
  'aggregateId' | 'version' | 'accountNumber' | 'category' | 'state' | 'nodeId' | 'contacts'
>;

const CRITICAL: ReadonlySet<string> = new Set(['hospital', 'waterworks', 'life-support']);

/**
 * Turns the state of a connection into the rows of the audience: one per contact, or one with
 * contactNo 0 where there is none, so that a connection nobody can be told about is counted like every other.
 * @param blindIndexOf opens a sealed number and answers its blind index.
 */
export function audienceRows(
  event: AudienceFacts,
  blindIndexOf: (keyId: string, block: Buffer) => bigint,
): AudienceRow[] {
  if (event.contacts.length === 0) return [audienceRow(event, NOBODY, blindIndexOf)];
  return event.contacts.map((contact) => audienceRow(event, contact, blindIndexOf));
}

/** The contact of a connection that has none: skipped for want of a number, whatever it is about. */
const NOBODY: Contact = {
  contactNo: 0,
  language: 'hi',
  numberState: 'absent',
  sealedNumber: null,
  sealKeyId: null,
  purposes: ['outage', 'billing', 'complaint'],
};

/** Called half a million times in a row, it makes one object and nothing else. */
function audienceRow(
  { aggregateId, nodeId, accountNumber, category, state }: AudienceFacts,
  { contactNo, language, numberState, sealedNumber, sealKeyId, purposes }: Contact,
  blindIndexOf: (keyId: string, block: Buffer) => bigint,
): AudienceRow {
  const isSealed = sealedNumber !== null && sealKeyId !== null;
  return {
    connectionId: aggregateId,
    contactNo,
    nodeId,
    accountNumber,
    isCritical: CRITICAL.has(category),
    connectionState: state,
    mobileIndex: isSealed ? blindIndexOf(sealKeyId, sealedNumber) : indexWithoutNumber(aggregateId),
    sealedNumber: isSealed ? sealedNumber : null,
    sealKeyId: isSealed ? sealKeyId : null,
    numberState,
    language: language === 'en' ? 'en' : 'hi',
    wantsOutages: purposes.includes('outage'),
    wantsBilling: purposes.includes('billing'),
    wantsComplaints: purposes.includes('complaint'),
  };
}

/** The last 62 bits of a UUIDv7 are random; the two before them are always 10 (RFC 9562, 5.7) and are shifted out, so that it is spread as evenly as a blind index. */
function indexWithoutNumber(connectionId: string): bigint {
  return BigInt.asIntN(64, BigInt(`0x${connectionId.replaceAll('-', '').slice(16)}`) << 2n);
}
