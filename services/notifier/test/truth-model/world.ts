import type { ConnectionEvent, OutageEvent } from '@bijli/events';
import { type Database, type Transaction, withTransaction } from '@bijli/postgres';
import { openLog } from '@bijli/service';
import { newId, parseMobileNumber, sealMobileNumber } from '@bijli/units';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { onConnection, onConnectionErased } from '../../src/subscriptions/on-connection.ts';
import { onNetwork } from '../../src/subscriptions/on-network.ts';
import { onOutage } from '../../src/subscriptions/on-outage.ts';
import { blindIndexKey, idOf, sealKeys } from '../town-of-six.ts';
import { type Facts, FEEDERS, type Home, type Moment, SUBSTATION } from './facts.ts';

const heard = <E>(event: E) => ({ event, context: ROOT_CONTEXT, receivedAt: new Date() });
const onOutages = onOutage({ largestAudience: 500_000, confirmAbove: 500_000, log: openLog('model', 'silent') });
const onConnections = onConnection({ sealKeys, blindIndexKey });

/** What is true, and since when; the notifier hears of it as its subscriptions do. */
export type World = {
  facts(): Facts;
  readonly moments: readonly Moment[];
  /** Something becomes true when the notifier has heard of it. */
  become(facts: Facts, hear: (tx: Transaction) => Promise<void>): Promise<void>;
};

export function openWorld(
  db: Database,
  first: Facts,
  transact: (db: Database, hear: (tx: Transaction) => Promise<void>) => Promise<void> = withTransaction,
): World {
  const moments: Moment[] = [{ from: 0, to: Number.POSITIVE_INFINITY, facts: first }];
  const latest = (): Moment => moments.at(-1) as Moment;
  return {
    moments,
    facts: () => latest().facts,
    async become(facts, hear) {
      const from = performance.now();
      await transact(db, hear);
      latest().to = performance.now();
      moments.push({ from, to: Number.POSITIVE_INFINITY, facts });
    },
  };
}

export function hearOutages(events: readonly OutageEvent[]) {
  return (tx: Transaction) => onOutages(tx, events.map(heard));
}

export function hearHomes(homes: readonly Home[], version: number) {
  return async (tx: Transaction) => {
    const gone = homes.filter(({ state }) => state === 'gone').map(({ account }) => idOf(account));
    const others = homes.filter(({ state }) => state !== 'gone').map((home) => heard(connectionEvent(home, version)));
    if (gone.length > 0) await onConnectionErased(tx, gone);
    if (others.length > 0) await onConnections(tx, others);
  };
}

export function hearNodes(parents: Facts['parents'], version: number) {
  return (tx: Transaction) =>
    onNetwork(
      tx,
      [...parents].map(([aggregateId, parentId]) =>
        heard({
          eventId: newId(),
          type: 'NodeAdded' as const,
          occurredAt: new Date(),
          aggregateId,
          version,
          kind: kindOf(aggregateId),
          parentId,
          nameEn: aggregateId,
          nameHi: '',
          validFrom: new Date(0),
        }),
      ),
    );
}

function kindOf(node: string) {
  if (node === SUBSTATION) return 'substation' as const;
  return (FEEDERS as readonly string[]).includes(node) ? ('feeder' as const) : ('distribution-transformer' as const);
}

function connectionEvent({ account, node, state, contacts }: Home, version: number): ConnectionEvent {
  return {
    eventId: newId(),
    type: 'ConnectionRegistered',
    occurredAt: new Date(),
    aggregateId: idOf(account),
    version,
    accountNumber: account,
    category: 'domestic',
    state: state === 'gone' ? 'erased' : state,
    nodeId: node,
    formerAccountNumbers: [],
    contacts: contacts.map(({ mobile, language, wants, numberState }, n) => {
      const parsed = parseMobileNumber(mobile ?? '');
      const sealed = parsed.ok ? sealMobileNumber(sealKeys, parsed.number) : null;
      return {
        contactNo: n + 1,
        language,
        numberState: sealed === null ? 'absent' : numberState,
        sealedNumber: sealed?.block ?? null,
        sealKeyId: sealed?.keyId ?? null,
        purposes: wants ? ['outage', 'billing', 'complaint'] : ['billing', 'complaint'],
      };
    }),
  };
}
