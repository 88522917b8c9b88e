import { createSecretKey, type KeyObject } from 'node:crypto';

/** The keys of seals: the one that seals, and all that open. */
export type SealKeys = {
  readonly sealingKeyId: string;
  readonly keys: ReadonlyMap<string, KeyObject>;
};

const ENTRY = /^([a-z0-9][a-z0-9-]{0,15}):([0-9a-f]{64})$/i;

function parseEntry(entry: string, place: number): readonly [string, KeyObject] {
  const [, id, hex] = ENTRY.exec(entry) ?? [];
  if (id === undefined || hex === undefined) {
    throw new Error(`seal key ${place} is not <id>:<64 hexadecimal digits>`);
  }
  return [id, createSecretKey(Buffer.from(hex, 'hex'))];
}

/**
 * Reads `id:64hex,id2:64hex`: AES-256 keys with their ids (letters, digits, dashes, at most 16). The first seals, all
 * open, so a new key is put in front and the old one stays until nothing is sealed by it. Throws `Error` that names
 * the place of a bad entry, never its text.
 */
export function parseSealKeys(text: string): SealKeys {
  const entries = text.split(',').map((entry, index) => parseEntry(entry.trim(), index + 1));
  const keys = new Map(entries);
  if (keys.size !== entries.length) throw new Error('two seal keys have the same id');
  return { sealingKeyId: entries[0]?.[0] ?? '', keys };
}
