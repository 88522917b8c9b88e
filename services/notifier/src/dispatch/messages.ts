import { openMobileNumbers, type SealKeys } from '@bijli/units';
import type { PersonalFacts } from '../domain/personal-message.ts';
import type { Carrier } from '../store/load-carriers.ts';
import type { RenderedText } from '../templates/run-texts.ts';

/** A text with its addressee, as the link takes it. */
export type Message = {
  readonly seq: number;
  /** E.164 without the plus sign. */
  readonly destination: string;
  readonly mobileIndex: bigint;
  readonly text: RenderedText;
};

/** Opens the numbers of a chunk, one cipher call per key, and puts a text to each. Order is kept. */
export function messagesOf(
  carriers: readonly Carrier[],
  keys: SealKeys,
  render: (templateKey: string, accountNumber: string, facts: PersonalFacts | null) => RenderedText,
): Message[] {
  const destinations = openAll(carriers, keys);
  return carriers.map((carrier, n) => ({
    seq: carrier.seq,
    destination: `91${destinations[n]}`,
    mobileIndex: carrier.mobileIndex,
    text: render(carrier.templateKey, carrier.accountNumber, carrier.facts),
  }));
}

function openAll(carriers: readonly Carrier[], keys: SealKeys): string[] {
  const opened = new Array<string>(carriers.length);
  for (const [keyId, places] of Map.groupBy(carriers.keys(), (n) => carriers[n]?.sealKeyId ?? '')) {
    const numbers = openMobileNumbers(
      keys,
      keyId,
      Buffer.concat(places.map((n) => carriers[n]?.sealedNumber ?? Buffer.alloc(0))),
    );
    for (const [at, place] of places.entries()) opened[place] = numbers[at] ?? '';
  }
  return opened;
}
