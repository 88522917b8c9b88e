import type { ConnectionEvent, NetworkNodeEvent, OutageEvent } from '@bijli/events';
import { newId } from '@bijli/units';

const occurredAt = new Date('2026-01-01T00:00:00Z');
const HOUR_MS = 3_600_000;

/** An instant so many hours from now. */
export function inHours(hours: number): Date {
  return new Date(Date.now() + hours * HOUR_MS);
}

/** A feeder as the registry says it. */
export function nodeEvent(code: string, given: Partial<NetworkNodeEvent> = {}): NetworkNodeEvent {
  return {
    eventId: newId(),
    type: 'NodeAdded',
    occurredAt,
    aggregateId: code,
    version: 1,
    kind: 'feeder',
    parentId: null,
    nameEn: code,
    nameHi: '',
    validFrom: occurredAt,
    ...given,
  };
}

/** A connection as the registry says it. */
export function connectionEvent(accountNumber: string, given: Partial<ConnectionEvent> = {}): ConnectionEvent {
  return {
    eventId: newId(),
    type: 'ConnectionRegistered',
    occurredAt,
    aggregateId: newId(),
    version: 1,
    accountNumber,
    category: 'domestic',
    state: 'active',
    nodeId: '',
    contacts: [],
    formerAccountNumbers: [],
    ...given,
  };
}

/** A cut of the last hour as the outage service says it. */
export function outageEvent(nodeIds: string[], given: Partial<OutageEvent> = {}): OutageEvent {
  return {
    eventId: newId(),
    type: 'OutageReported',
    occurredAt,
    aggregateId: newId(),
    version: 1,
    kind: 'unplanned',
    status: 'open',
    cause: 'tree-on-line',
    nodeIds,
    startsAt: inHours(-1),
    estimatedRestorationAt: inHours(2),
    restoredAt: null,
    ownNodeIds: [],
    energisedNodeIds: [],
    energisedAt: null,
    estimateSource: null,
    ...given,
  };
}
