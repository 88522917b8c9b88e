import type { EventOf } from '@bijli/events';
import type { Transaction } from '@bijli/postgres';
import { expect, test } from '@jest/globals';
import { type Heard, projection } from './subscription.ts';

const NETWORK = 'consumer-registry.network.v1';
type Node = EventOf<typeof NETWORK>;

test('a projection that needs more than it reads does not compile', () => {
  const needsAll = async (_tx: Transaction, _events: readonly Heard<Node>[]): Promise<void> => undefined;
  const needsKind = async (_tx: Transaction, _events: readonly Heard<Pick<Node, 'kind'>>[]): Promise<void> => undefined;

  // @ts-expect-error -- it reads the kind and nothing else
  const tooLittle = projection(NETWORK, { name: 'nodes', reads: ['kind'], apply: needsAll });
  const enough = projection(NETWORK, { name: 'nodes', reads: ['kind'], apply: needsKind });
  const all = projection(NETWORK, { name: 'nodes', apply: needsAll });

  expect([tooLittle.reads, enough.reads, all.reads]).toEqual([['kind'], ['kind'], undefined]);
});
