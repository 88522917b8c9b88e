import type { NetworkNodeEvent } from '@bijli/events';
import type { Heard } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { noteArrivals } from '../store/audience/note-arrivals.ts';
import { applyNetworkNodes } from '../store/audience/apply-network-nodes.ts';

/** Keeps the network as the registry tells it. */
export async function onNetwork(tx: Transaction, heard: readonly Heard<NetworkNodeEvent>[]): Promise<void> {
  const arrivals = await applyNetworkNodes(
    tx,
    heard.map(({ event }) => event),
  );
  await noteArrivals(tx, arrivals);
}
