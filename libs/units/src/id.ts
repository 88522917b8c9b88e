import { randomOctetsPool } from './random-octets.ts';

const ID_OCTETS = 16;
const TIME_OCTETS = 6;
const VERSION_AT = 6;
const VERSION_7 = 0x70;
const VARIANT_AT = 8;
const VARIANT_RFC = 0x80;

const UUID_PATTERN = '[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
const UUID = new RegExp(`^${UUID_PATTERN}$`);

/**
 * A UUID within a text, as part of a regular expression, whose digits are nobody's number: not one that ends in a number with its country
 * code or padding (one in 35,000 does so by chance), nor one that digits follow.
 */
export const INNOCENT_UUID = `${UUID_PATTERN}(?<!(?:91|00)[6-9][0-9]{9})(?![0-9])`;

const randomOctets = randomOctetsPool();

/**
 * Makes a new id: a UUID of version 7 (RFC 9562, 5.7), lower case, whose first 48 bits are the time, so that rows
 * arrive at the end of an index. `now` is in milliseconds since 1970.
 */
export function newId(now: number = Date.now()): string {
  const octets = Buffer.from(randomOctets(ID_OCTETS));
  octets.writeUIntBE(now, 0, TIME_OCTETS);
  octets[VERSION_AT] = VERSION_7 | (octets.readUInt8(VERSION_AT) & 0x0f);
  octets[VARIANT_AT] = VARIANT_RFC | (octets.readUInt8(VARIANT_AT) & 0x3f);
  const hex = octets.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Tells whether a text is a UUID of versions 1 to 8 in the lower-case form that `newId` writes. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
