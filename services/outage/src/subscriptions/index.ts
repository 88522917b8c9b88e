import { onNetworkNode } from './on-network-node.ts';

/** Everything this service hears. */
export const subscriptions = [onNetworkNode];
