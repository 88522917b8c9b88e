import { inbox, projection } from '@bijli/outbox';
import { eraseNumbers } from '../store/upsert-connections.ts';
import { type OnBillingSystemInput, onBillingSystem } from './on-billing-system.ts';
import { connectionFields, onConnection } from './on-connection.ts';

/** Lists everything that this service hears. */
export function subscriptions(input: OnBillingSystemInput) {
  return [
    projection('consumer-registry.connection.v1', {
      name: 'connections',
      reads: connectionFields,
      apply: onConnection,
      applyTombstones: eraseNumbers,
    }),
    inbox('billing-system.account.v1', { name: 'account-feed', lateness: 'any-order', apply: onBillingSystem(input) }),
  ];
}
