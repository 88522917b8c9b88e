import type { ConnectionEvent } from '@bijli/events';
import type { Heard } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { type BlindIndexKey, blindIndex, openMobileNumbers, type SealKeys } from '@bijli/units';
import { audienceRows } from '../domain/audience-row.ts';
import { forgetAudience, replaceAudience } from '../store/replace-audience.ts';

/** Keys that the audience is built with. */
export interface OnConnectionInput {
  sealKeys: SealKeys;
  blindIndexKey: BlindIndexKey;
}

/** This function will make the handler that keeps the audience as the registry tells it. */
export function onConnection({ sealKeys, blindIndexKey }: OnConnectionInput) {
  const blindIndexOf = (keyId: string, block: Buffer): bigint => {
    const [number] = openMobileNumbers(sealKeys, keyId, block);
    if (number === undefined) throw new Error('a seal opened to no number');
    return blindIndex(blindIndexKey, number);
  };
  return (tx: Transaction, heard: readonly Heard<ConnectionEvent>[]): Promise<void> =>
    replaceAudience(
      tx,
      heard.map(({ event }) => ({
        connectionId: event.aggregateId,
        version: event.version,
        rows: event.state === 'erased' ? [] : audienceRows(event, blindIndexOf),
      })),
    );
}

/** This function will forget erased connections. */
export function onConnectionErased(tx: Transaction, connectionIds: readonly string[]): Promise<void> {
  return forgetAudience(tx, connectionIds);
}
