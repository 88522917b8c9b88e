import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { MobileNumber } from './mobile-number.ts';

declare const blindIndexKeyBrand: unique symbol;

/** The key of the blind index; not one of the keys of seals. */
export type BlindIndexKey = KeyObject & { readonly [blindIndexKeyBrand]: true };

/** PostgreSQL's bigint. */
const INDEX_BITS = 64;
const HEX_DIGITS = INDEX_BITS / 4;

/** Reads a blind index key of 64 hexadecimal digits. Throws `Error` that never repeats the text. */
export function parseBlindIndexKey(hex: string): BlindIndexKey {
  if (!/^[0-9a-f]{64}$/i.test(hex)) throw new Error('a blind index key is 64 hexadecimal digits');
  return createSecretKey(Buffer.from(hex, 'hex')) as BlindIndexKey;
}

/**
 * Computes what finds and groups equal numbers without opening them: HMAC-SHA-256 over the E.164 form, cut to its
 * first 8 octets, as a signed integer (PostgreSQL `bigint`). Never put into an event: beside the seal it would
 * reveal which numbers are equal.
 */
export function blindIndex(key: BlindIndexKey, number: MobileNumber): bigint {
  // As a text: a buffer of its own for each of half a million would cost a quarter of the whole.
  const hex = createHmac('sha256', key).update(`+91${number}`).digest('hex').slice(0, HEX_DIGITS);
  return BigInt.asIntN(INDEX_BITS, BigInt(`0x${hex}`));
}
