import { type EventOf, encodeEvent } from '@bijli/events';
import type { ProducedRecord } from '@bijli/kafka/produce';
import type { Database, Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import { newId } from '@bijli/units';
import type { Heard, InboxDefinition, InboxSettings, Subscription } from '../src/index.ts';
import { appendEvents, inbox } from '../src/index.ts';

export const OUTAGE = 'outage.outage.v1';
export type Outage = EventOf<typeof OUTAGE>;

/** Short waits, so that a test of patience does not need any. */
export const IMPATIENT: Partial<InboxSettings> = {
  pollMs: 100,
  gapParkMs: 600,
  backOffMs: { first: 50, most: 200 },
  gapRecheckMs: { first: 50, most: 100 },
};

export function outage(aggregateId: string, version: number, more: Partial<Outage> = {}): Outage {
  return {
    eventId: newId(),
    type: 'OutageReported',
    occurredAt: new Date('2026-01-30T08:35:00Z'),
    aggregateId,
    version,
    kind: 'unplanned',
    status: 'open',
    cause: 'line-fault',
    nodeIds: ['F-1203'],
    startsAt: new Date('2026-01-30T08:30:00Z'),
    estimatedRestorationAt: new Date('2026-01-30T12:30:00Z'),
    restoredAt: null,
    ownNodeIds: [],
    energisedNodeIds: [],
    energisedAt: null,
    estimateSource: null,
    ...more,
  };
}

export function recordOf(event: Outage): ProducedRecord {
  return {
    topic: OUTAGE,
    key: event.aggregateId,
    value: encodeEvent(OUTAGE, event),
    headers: {},
  };
}

/** Says events the way a service does. */
export function say(db: Database, ...events: readonly Outage[]): Promise<void> {
  return db.transaction((tx) => appendEvents(tx, OUTAGE, events));
}

/** A handler whose effect is a row that can be written once only. */
export async function recordEffects(tx: Transaction, events: readonly Heard<Outage>[]): Promise<void> {
  await query(
    tx,
    'insert into effect (event_id, key, version) select * from unnest(:eventIds::uuid[], :aggregateIds::text[], :versions::integer[])',
    {
      eventIds: events.map(({ event }) => event.eventId),
      aggregateIds: events.map(({ event }) => event.aggregateId),
      versions: events.map(({ event }) => event.version),
    },
  );
}

export function hearOutages(
  lateness: 'latest-wins' | 'every-event' = 'latest-wins',
  apply: InboxDefinition<Outage>['apply'] = recordEffects,
  more: Partial<InboxDefinition<Outage>> = {},
): Subscription {
  return inbox(OUTAGE, { name: 'outages', lateness, apply, ...more });
}

/** The versions applied to a key, in the order in which they were. */
export async function effectsOf(db: Database, key: string): Promise<number[]> {
  const rows = await query<{ version: number }>(db, 'select version from effect where key = :key order by position', {
    key,
  });
  return rows.map(({ version }) => version);
}
