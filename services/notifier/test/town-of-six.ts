import type { ConnectionEvent, NetworkNodeEvent, OutageEvent } from '@bijli/events';
import { type Database, type Transaction, withTransaction } from '@bijli/postgres';
import {
  blindIndex,
  newId,
  openMobileNumbers,
  parseBlindIndexKey,
  parseMobileNumber,
  parseSealKeys,
  sealMobileNumber,
} from '@bijli/units';
import { audienceRows } from '../src/domain/audience-row.ts';
import { outageState } from '../src/domain/outage-state.ts';
import { planRun } from '../src/domain/plan-run.ts';
import { type StoredRun, storeRun } from '../src/plan/store-run.ts';
import { applyNetworkNodes } from '../src/store/audience/apply-network-nodes.ts';
import { noteArrivals } from '../src/store/audience/note-arrivals.ts';
import { withdrawFrom } from '../src/store/messages/withdraw-from.ts';
import { replaceAudience } from '../src/store/audience/replace-audience.ts';

export const sealKeys = parseSealKeys(`k1:${'11'.repeat(32)}`);
export const blindIndexKey = parseBlindIndexKey('22'.repeat(32));

/** A connection in a few words. */
export type Home = {
  readonly account: string;
  readonly node: string;
  readonly mobile?: string;
  readonly language?: 'hi' | 'en';
  readonly category?: ConnectionEvent['category'];
  readonly state?: ConnectionEvent['state'];
  readonly numberState?: string;
  readonly purposes?: ConnectionEvent['contacts'][number]['purposes'];
};

const at = new Date('2026-01-30T04:30:00Z');

/** Feeder F-1 with two transformers, and feeder F-2. */
const NETWORK = [
  ['SS-1', 'substation', null],
  ['F-1', 'feeder', 'SS-1'],
  ['DT-1', 'distribution-transformer', 'F-1'],
  ['DT-2', 'distribution-transformer', 'F-1'],
  ['F-2', 'feeder', 'SS-1'],
] as const;

/** The network as the registry says it. */
export function networkEvents(): NetworkNodeEvent[] {
  return NETWORK.map(([aggregateId, kind, parentId]) => ({
    eventId: newId(),
    type: 'NodeAdded',
    occurredAt: at,
    aggregateId,
    version: 1,
    kind,
    parentId,
    nameEn: aggregateId,
    nameHi: '',
    validFrom: at,
  }));
}

/** Stores the network and these homes as the audience. */
export async function settle(db: Database, homes: readonly Home[], version = 1): Promise<void> {
  await withTransaction(db, async (tx) => {
    await noteArrivals(tx, await applyNetworkNodes(tx, networkEvents()));
    const { arrivals, hearLess } = await moveIn(tx, homes, version);
    await withdrawFrom(tx, hearLess);
    await noteArrivals(tx, arrivals);
  });
}

/** Stores these homes as the audience. */
export function moveIn(tx: Transaction, homes: readonly Home[], version: number): ReturnType<typeof replaceAudience> {
  return replaceAudience(
    tx,
    homes.map((home) => {
      const event = connectionEvent(home, version);
      return { connectionId: event.aggregateId, version, rows: audienceRows(event, blindIndexOf) };
    }),
  );
}

/** A connection as the registry says it. */
export function connectionEvent(home: Home, version: number): ConnectionEvent {
  const parsed = parseMobileNumber(home.mobile ?? '');
  const sealed = parsed.ok ? sealMobileNumber(sealKeys, parsed.number) : null;
  return {
    eventId: newId(),
    type: 'ConnectionRegistered',
    occurredAt: at,
    aggregateId: idOf(home.account),
    version,
    accountNumber: home.account,
    category: home.category ?? 'domestic',
    state: home.state ?? 'active',
    nodeId: home.node,
    formerAccountNumbers: [],
    contacts: [
      {
        contactNo: 1,
        language: home.language ?? 'hi',
        numberState: (home.numberState ?? (parsed.ok ? 'collected' : 'absent')) as 'collected',
        sealedNumber: sealed?.block ?? null,
        sealKeyId: sealed?.keyId ?? null,
        purposes: home.purposes ?? ['outage', 'billing', 'complaint'],
      },
    ],
  };
}

function blindIndexOf(_keyId: string, block: Buffer): bigint {
  return blindIndex(blindIndexKey, numberIn(block));
}

function numberIn(block: Buffer) {
  const [number] = openMobileNumbers(sealKeys, 'k1', block);
  if (number === undefined) throw new Error('no number');
  return number;
}

/** The blind index of a mobile number. */
export function indexOf(mobile: string): bigint {
  const parsed = parseMobileNumber(mobile);
  if (!parsed.ok) throw new Error('no number');
  return blindIndex(blindIndexKey, parsed.number);
}

/** A fixed id per account. */
export function idOf(account: string): string {
  return `00000000-0000-7000-8000-${account.padStart(12, '0')}`;
}

/** An outage of F-1 reported now, due back in four hours. */
export function outage(change: Partial<OutageEvent> = {}, now = new Date()): OutageEvent {
  const hours = (n: number) => new Date(now.getTime() + n * 3_600_000);
  return {
    eventId: newId(),
    type: 'OutageReported',
    occurredAt: now,
    aggregateId: '00000000-0000-7000-8000-00000000000a',
    version: 1,
    kind: 'unplanned',
    status: 'open',
    cause: 'line-fault',
    nodeIds: ['F-1'],
    startsAt: hours(-0.2),
    estimatedRestorationAt: hours(4),
    restoredAt: null,
    ownNodeIds: [],
    energisedNodeIds: [],
    energisedAt: null,
    estimateSource: null,
    ...change,
  };
}

/** Plans the run of an outage event, as the subscription does. */
export function plan(
  db: Database,
  event: OutageEvent,
  { now = new Date(), largestAudience = 500_000, confirmAbove = 500_000 } = {},
): Promise<StoredRun> {
  const decided = planRun(event, now);
  return withTransaction(db, (tx) =>
    storeRun(tx, decided, {
      runId: newId(),
      outage: outageState(event),
      traceparent: null,
      now,
      largestAudience,
      confirmAbove,
    }),
  );
}
