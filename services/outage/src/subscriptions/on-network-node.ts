import type { NetworkNodeEvent } from '@bijli/events';
import type { Heard } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { type NetworkNode, upsertNetworkNodes } from '../store/upsert-network-nodes.ts';

/** Keeps the network as the registry tells it, so that an outage names only nodes that exist. */
export function onNetworkNode(tx: Transaction, heard: readonly Heard<NetworkNodeEvent>[]): Promise<void> {
  return upsertNetworkNodes(tx, newestOfEach(heard));
}

/** One statement may touch a row once. */
function newestOfEach(heard: readonly Heard<NetworkNodeEvent>[]): NetworkNode[] {
  const newest = new Map<string, NetworkNode>();
  for (const { event } of heard) {
    if (event.version > (newest.get(event.aggregateId)?.version ?? 0)) newest.set(event.aggregateId, nodeOf(event));
  }
  return [...newest.values()];
}

function nodeOf({ aggregateId, version, kind, parentId, nameEn, nameHi }: NetworkNodeEvent): NetworkNode {
  return { code: aggregateId, version, kind, parentCode: parentId, nameEn, nameHi };
}
