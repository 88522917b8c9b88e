import { inbox, projection } from '@bijli/outbox';
import { deleteConnections } from '../store/upsert-connections.ts';
import { deleteNetworkNodes } from '../store/upsert-network-nodes.ts';
import { connectionFields, onConnection } from './on-connection.ts';
import { onNetwork } from './on-network.ts';
import { onOutage } from './on-outage.ts';

/** Everything this service hears. */
export const subscriptions = [
  projection('consumer-registry.network.v1', {
    name: 'network',
    apply: onNetwork,
    applyTombstones: deleteNetworkNodes,
  }),
  projection('consumer-registry.connection.v1', {
    name: 'connections',
    reads: connectionFields,
    apply: onConnection,
    applyTombstones: deleteConnections,
  }),
  inbox('outage.outage.v1', { name: 'outages', lateness: 'latest-wins', apply: onOutage }),
];
