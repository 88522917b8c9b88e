import { type Cipheriv, createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import type { MobileNumber } from './mobile-number.ts';
import { randomOctetsPool } from './random-octets.ts';
import type { SealKeys } from './seal-keys.ts';

/**
 * One sealed mobile number: one AES-256 block over
 *
 *     | 6 octets random | 4 octets zero | 6 octets number, big endian |
 *
 * Encode-then-encipher (Bellare, Rogaway 2000): the random part hides equal numbers, the zero part shows tampering.
 * ECB is right here and only here: every block has its own randomness, and a chunk of blocks opens in one call.
 */
export type SealedNumber = { readonly keyId: string; readonly block: Buffer };

/** Octets of one sealed number. */
export const SEALED_OCTETS = 16;

const CIPHER = 'aes-256-ecb';
const RANDOM_OCTETS = 6;
const ZERO_OCTETS = 4;
const NUMBER_AT = RANDOM_OCTETS + ZERO_OCTETS;
const NUMBER_OCTETS = 6;
const LOWEST_NUMBER = 6_000_000_000;
const HIGHEST_NUMBER = 9_999_999_999;

const randomOctets = randomOctetsPool();

function keyOf(keys: SealKeys, keyId: string): KeyObject {
  const key = keys.keys.get(keyId);
  if (key === undefined) throw new Error('sealed with a key that is not in the list of seal keys');
  return key;
}

/** A block of ECB leaves nothing behind in its cipher, so one per key serves all: making one costs twice the sealing. */
const sealers = new WeakMap<KeyObject, Cipheriv>();

function sealerOf(key: KeyObject): Cipheriv {
  const sealer = sealers.get(key) ?? createCipheriv(CIPHER, key, null).setAutoPadding(false);
  sealers.set(key, sealer);
  return sealer;
}

/** Seals a number with the first key. Sealing twice gives two different blocks. */
export function sealMobileNumber(keys: SealKeys, number: MobileNumber): SealedNumber {
  const plain = Buffer.alloc(SEALED_OCTETS);
  randomOctets(RANDOM_OCTETS).copy(plain);
  plain.writeUIntBE(Number(number), NUMBER_AT, NUMBER_OCTETS);
  return { keyId: keys.sealingKeyId, block: sealerOf(keyOf(keys, keys.sealingKeyId)).update(plain) };
}

function numberAt(plain: Buffer, index: number): MobileNumber {
  const start = index * SEALED_OCTETS;
  const number = plain.readUIntBE(start + NUMBER_AT, NUMBER_OCTETS);
  const untouched = plain.readUInt32BE(start + RANDOM_OCTETS) === 0;
  if (!untouched || number < LOWEST_NUMBER || number > HIGHEST_NUMBER) {
    throw new Error(`sealed number ${index} does not open: wrong key or altered`);
  }
  return String(number) as MobileNumber;
}

/**
 * Opens many numbers sealed by one key, laid end to end (16 octets each), in one cipher call; the order is kept.
 * Throws `Error` when the key is unknown, the length is no multiple of 16, or a block was altered (names its index).
 */
export function openMobileNumbers(keys: SealKeys, keyId: string, blocks: Buffer): MobileNumber[] {
  if (blocks.length % SEALED_OCTETS !== 0) throw new Error('sealed numbers are blocks of 16 octets');
  const plain = createDecipheriv(CIPHER, keyOf(keys, keyId), null).setAutoPadding(false).update(blocks);
  return Array.from({ length: blocks.length / SEALED_OCTETS }, (_, index) => numberAt(plain, index));
}
