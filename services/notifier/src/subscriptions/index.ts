import { inbox, projection } from '@bijli/outbox';
import { onAccount } from './on-account.ts';
import { onComplaint } from './on-complaint.ts';
import { connectionFields, type OnConnectionInput, onConnection, onConnectionErased } from './on-connection.ts';
import { onNetwork } from './on-network.ts';
import { type OnOutageInput, onOutage } from './on-outage.ts';

/** Lists everything that the notifier hears. */
export function subscriptions(input: OnConnectionInput & OnOutageInput) {
  return [
    projection('consumer-registry.network.v1', { name: 'network', apply: onNetwork }),
    projection('consumer-registry.connection.v1', {
      name: 'audience',
      readers: 2, // a district that comes in cannot be told before: it gets more of the machine than those who only look up
      reads: connectionFields,
      apply: onConnection(input),
      applyTombstones: onConnectionErased,
    }),
    // In a storm the first of hundreds is told before the last is planned.
    inbox('outage.outage.v1', { name: 'outages', lateness: 'latest-wins', keysAtOnce: 5, apply: onOutage(input) }),
    inbox('billing.account.v1', { name: 'accounts', lateness: 'every-event', apply: onAccount(input) }),
    // What a complaint was is not told after what it is: "fixed" would follow its reopening.
    inbox('complaint.complaint.v1', { name: 'complaints', lateness: 'latest-wins', apply: onComplaint(input) }),
  ];
}
