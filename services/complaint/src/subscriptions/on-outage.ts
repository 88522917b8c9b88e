import type { OutageEvent } from '@bijli/events';
import type { Heard } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { type HeardOutage, upsertOutages } from '../store/upsert-outages.ts';

/** Keeps which outages there are and why, so that a complaint about one is answered. */
export function onOutage(tx: Transaction, heard: readonly Heard<OutageEvent>[]): Promise<void> {
  // One statement may touch a row once; the events of one outage come in order of version.
  const newest = new Map(heard.map(({ event }) => [event.aggregateId, outageOf(event)]));
  return upsertOutages(tx, [...newest.values()]);
}

function outageOf(event: OutageEvent): HeardOutage {
  const { aggregateId, version, kind, cause, startsAt, estimatedRestorationAt, restoredAt, nodeIds, ownNodeIds } =
    event;
  // Whatever a newer producer calls its status: supply that came back is back.
  const status = restoredAt === null ? event.status : 'restored';
  const nodes = { nodeCodes: nodeIds, ownNodeCodes: ownNodeIds };
  return { outageId: aggregateId, version, kind, status, cause, startsAt, estimatedRestorationAt, ...nodes };
}
