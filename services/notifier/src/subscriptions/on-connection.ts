import { type Heard, NotYetError } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { type BlindIndexKey, blindIndex, openMobileNumbers, type SealKeys } from '@bijli/units';
import { type AudienceFacts, audienceRows } from '../domain/audience-row.ts';
import { noteArrivals } from '../store/audience/note-arrivals.ts';
import { type AudienceChange, forgetAudience, replaceAudience } from '../store/audience/replace-audience.ts';
import { withdrawFrom } from '../store/messages/withdraw-from.ts';

/** Keys that the audience is built with. */
export type OnConnectionInput = {
  readonly sealKeys: SealKeys;
  readonly blindIndexKey: BlindIndexKey;
};

/** Which fields of a connection the audience is made of. */
export const connectionFields = ['accountNumber', 'category', 'state', 'nodeId', 'contacts'] as const;

/** Makes the handler that keeps the audience as the registry tells it. */
export function onConnection(input: OnConnectionInput) {
  return async (tx: Transaction, heard: readonly Heard<AudienceFacts>[]): Promise<void> => {
    const events = heard.map(({ event }) => event);
    const blindIndexOf = blindIndexIn(blindIndexes(input, events));
    const { arrivals, hearLess } = await replaceAudience(
      tx,
      events.map((event) => changeOf(event, blindIndexOf)),
    );
    await withdrawFrom(tx, hearLess);
    await noteArrivals(tx, arrivals);
  };
}

const blindIndexIn =
  (indexes: ReadonlyMap<Buffer, bigint>) =>
  (_keyId: string, block: Buffer): bigint => {
    const index = indexes.get(block);
    if (index === undefined) throw new Error('a seal was not opened');
    return index;
  };

const changeOf = (event: AudienceFacts, blindIndexOf: ReturnType<typeof blindIndexIn>): AudienceChange => ({
  connectionId: event.aggregateId,
  version: event.version,
  rows: event.state === 'erased' ? [] : audienceRows(event, blindIndexOf),
});

/**
 * The blind index of every sealed number. All of one key are opened in one call: a cipher for each would cost more than the rest.
 * @throws NotYetError
 */
function blindIndexes(
  { sealKeys, blindIndexKey }: OnConnectionInput,
  events: readonly AudienceFacts[],
): ReadonlyMap<Buffer, bigint> {
  const blocks = new Map<string, Buffer[]>();
  for (const { contacts } of events) {
    for (const { sealKeyId, sealedNumber } of contacts) {
      if (sealKeyId === null || sealedNumber === null) continue;
      const ofKey = blocks.get(sealKeyId);
      if (ofKey === undefined) blocks.set(sealKeyId, [sealedNumber]);
      else ofKey.push(sealedNumber);
    }
  }
  const indexes = new Map<Buffer, bigint>();
  for (const [keyId, sealed] of blocks) {
    // While keys are changed the registry may have the new one first: its connections wait for it, none is lost.
    if (!sealKeys.keys.has(keyId)) throw new NotYetError(`the seal key ${keyId} is not among SEAL_KEYS yet`);
    const numbers = openMobileNumbers(sealKeys, keyId, Buffer.concat(sealed));
    if (numbers.length !== sealed.length) throw new Error('a seal is not one block');
    for (const [at, number] of numbers.entries()) indexes.set(sealed[at] as Buffer, blindIndex(blindIndexKey, number));
  }
  return indexes;
}

/** Forgets erased connections, and what they had still to be told. */
export async function onConnectionErased(tx: Transaction, connectionIds: readonly string[]): Promise<void> {
  await withdrawFrom(tx, await forgetAudience(tx, connectionIds));
}
