import { inbox, projection } from '@bijli/outbox';
import { deleteNetworkNodes } from '../store/upsert-network-nodes.ts';
import { type OnControlRoomEventInput, onControlRoomEvent } from './on-control-room-event.ts';
import { onNetworkNode } from './on-network-node.ts';

/** Lists everything that this service hears. */
export function subscriptions(input: OnControlRoomEventInput) {
  return [
    projection('consumer-registry.network.v1', {
      name: 'network-node',
      apply: onNetworkNode,
      applyTombstones: deleteNetworkNodes,
    }),
    inbox('control-room.outage.v1', { name: 'control-room', lateness: 'any-order', apply: onControlRoomEvent(input) }),
  ];
}
