import { openMobileNumbers, type SealKeys } from '@bijli/units';
import type { Carrier } from '../store/chunks/load-carriers.ts';
import type { RenderedText } from '../templates/run-texts.ts';
import type { Message } from './held-chunk.ts';

/** The texts of a chunk, those that are not told any more, those that cannot be told, by seq and why, and those whose key this process does not have. */
export type Rendered = {
  /** In order of the carriers; null where there is no text. */
  readonly messages: (Message | null)[];
  readonly over: number[];
  readonly unrenderable: { readonly seq: number; readonly error: unknown }[];
  readonly locked: { readonly seq: number; readonly keyId: string }[];
};

/**
 * Opens the numbers of a chunk, one cipher call per key, and puts a text to each. A row that cannot be opened or filled ends alone: its
 * neighbours go on, and so does one without a text. One whose key is not known here waits for a process that has it: while keys are changed, that is no fault of the number.
 */
export function render(
  carriers: readonly Carrier[],
  keys: SealKeys,
  textOf: (carrier: Carrier) => RenderedText | null,
): Rendered {
  const numbers = openAll(carriers, keys);
  const over: number[] = [];
  const unrenderable: Rendered['unrenderable'] = [];
  const locked: Rendered['locked'] = [];
  const messages = carriers.map((carrier, n): Message | null => {
    const number = numbers[n];
    if (!keys.keys.has(carrier.sealKeyId)) {
      locked.push({ seq: carrier.seq, keyId: carrier.sealKeyId });
      return null;
    }
    try {
      if (typeof number !== 'string') throw number;
      const { seq } = carrier;
      const text = textOf(carrier);
      if (text !== null) return { seq, destination: `91${number}`, text };
      over.push(seq);
      return null;
    } catch (error) {
      unrenderable.push({ seq: carrier.seq, error });
      return null;
    }
  });
  return { messages, over, unrenderable, locked };
}

/** The numbers of carriers, in their order; an error where one cannot be opened. */
function openAll(carriers: readonly Carrier[], keys: SealKeys): unknown[] {
  const opened = new Array<unknown>(carriers.length);
  for (const [keyId, places] of Map.groupBy(carriers.keys(), (n) => carriers[n]?.sealKeyId ?? '')) {
    const blocks = places.map((n) => carriers[n]?.sealedNumber ?? Buffer.alloc(0));
    const numbers = openTogether(keys, keyId, blocks);
    for (const [at, place] of places.entries()) opened[place] = numbers[at];
  }
  return opened;
}

function openTogether(keys: SealKeys, keyId: string, blocks: readonly Buffer[]): unknown[] {
  try {
    return openMobileNumbers(keys, keyId, Buffer.concat(blocks));
  } catch (error) {
    // One that is broken, or a key that is not there: each by itself.
    return blocks.length === 1
      ? [error ?? new Error('a seal was not opened')]
      : blocks.flatMap((block) => openTogether(keys, keyId, [block]));
  }
}
