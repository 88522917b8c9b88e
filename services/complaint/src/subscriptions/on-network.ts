import type { NetworkNodeEvent } from '@bijli/events';
import type { Heard } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { upsertNetworkNodes } from '../store/upsert-network-nodes.ts';

/** Keeps on what each node hangs, so that an outage of a feeder explains what is dark below it. */
export function onNetwork(tx: Transaction, heard: readonly Heard<NetworkNodeEvent>[]): Promise<void> {
  return upsertNetworkNodes(
    tx,
    heard.map(({ event: { aggregateId, version, parentId } }) => ({
      code: aggregateId,
      version,
      parentCode: parentId,
    })),
  );
}
