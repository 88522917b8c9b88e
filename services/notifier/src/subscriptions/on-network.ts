import type { NetworkNodeEvent } from '@bijli/events';
import type { Heard } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { applyNetworkNodes } from '../store/audience/apply-network-nodes.ts';

/** Keeps the network as the registry tells it. */
export function onNetwork(tx: Transaction, heard: readonly Heard<NetworkNodeEvent>[]): Promise<void> {
  return applyNetworkNodes(
    tx,
    heard.map(({ event }) => event),
  );
}
