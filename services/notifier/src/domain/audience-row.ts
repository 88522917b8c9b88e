import type { ConnectionEvent } from '@bijli/events';

/** One contact as the fan-out reads it. */
export interface AudienceRow {
  connectionId: string;
  contactNo: number;
  nodeId: string;
  accountNumber: string;
  isCritical: boolean;
  connectionState: string;
  mobileIndex: bigint;
  sealedNumber: Buffer | null;
  sealKeyId: string | null;
  numberState: string;
  language: 'hi' | 'en';
  wantsOutages: boolean;
  wantsBilling: boolean;
  wantsComplaints: boolean;
}

/** The row of a connection that has no contact: skipped for want of a number, whatever it is about. */
const NOBODY = {
  contactNo: 0,
  numberState: 'absent',
  language: 'hi',
  wantsOutages: true,
  wantsBilling: true,
  wantsComplaints: true,
} as const;

const CRITICAL: ReadonlySet<string> = new Set(['hospital', 'waterworks', 'life-support']);

/**
 * This function will turn the state of a connection into the rows of the audience: one per contact, or one with
 * contactNo 0 where there is none, so that a connection nobody can be told about is counted like every other.
 * @param blindIndexOf opens a sealed number and answers its blind index.
 */
export function audienceRows(
  event: ConnectionEvent,
  blindIndexOf: (keyId: string, block: Buffer) => bigint,
): AudienceRow[] {
  const connection = {
    connectionId: event.aggregateId,
    nodeId: event.nodeId,
    accountNumber: event.accountNumber,
    isCritical: CRITICAL.has(event.category),
    connectionState: event.state,
  };
  const without = { mobileIndex: indexWithoutNumber(event.aggregateId), sealedNumber: null, sealKeyId: null };
  if (event.contacts.length === 0) {
    return [{ ...connection, ...without, ...NOBODY }];
  }
  return event.contacts.map((contact) => ({
    ...connection,
    ...(contact.sealedNumber !== null && contact.sealKeyId !== null
      ? {
          mobileIndex: blindIndexOf(contact.sealKeyId, contact.sealedNumber),
          sealedNumber: contact.sealedNumber,
          sealKeyId: contact.sealKeyId,
        }
      : without),
    contactNo: contact.contactNo,
    numberState: contact.numberState,
    language: contact.language === 'en' ? 'en' : 'hi',
    wantsOutages: contact.purposes.includes('outage'),
    wantsBilling: contact.purposes.includes('billing'),
    wantsComplaints: contact.purposes.includes('complaint'),
  }));
}

/** The last 62 bits of a UUIDv7 are random; the two before them are always 10 (RFC 9562, 5.7) and are shifted out, so that it is spread as evenly as a blind index. */
function indexWithoutNumber(connectionId: string): bigint {
  return BigInt.asIntN(64, BigInt(`0x${connectionId.replaceAll('-', '').slice(16)}`) << 2n);
}
