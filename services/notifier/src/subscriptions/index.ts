import { inbox, projection } from '@bijli/outbox';
import { type OnConnectionInput, onConnection, onConnectionErased } from './on-connection.ts';
import { onNetwork } from './on-network.ts';
import { type OnOutageInput, onOutage } from './on-outage.ts';

/** This function will list everything that the notifier hears. */
export function subscriptions(input: OnConnectionInput & OnOutageInput) {
  return [
    projection('consumer-registry.network.v1', { name: 'network', apply: onNetwork }),
    projection('consumer-registry.connection.v1', {
      name: 'audience',
      apply: onConnection(input),
      applyTombstones: onConnectionErased,
    }),
    inbox('outage.outage.v1', { name: 'outages', lateness: 'latest-wins', apply: onOutage(input) }),
  ];
}
