import type { OutageEvent } from '@bijli/events';

/** What is true of an outage after an event, as what people are told is made of it. Instants are UTC. */
export type OutageState = {
  readonly outageId: string;
  readonly version: number;
  readonly kind: 'planned' | 'unplanned';
  readonly cause: string;
  /** Supply is out below its nodes now. */
  readonly isOff: boolean;
  /** Work is announced and has not begun. */
  readonly isWindow: boolean;
  readonly startsAt: Date;
  /** When supply is expected back. */
  readonly until: Date;
  readonly nodeIds: readonly string[];
  /** Nodes of which only what hangs on themselves is off. */
  readonly ownNodeIds: readonly string[];
};

/** Reads the state that an event carries: a type or status that is not known yet still ends or moves what was said. */
export function outageState(event: OutageEvent): OutageState {
  const stands = event.restoredAt === null;
  return {
    outageId: event.aggregateId,
    version: event.version,
    kind: outageKindOf(event),
    cause: event.cause,
    isOff: stands && event.status === 'open',
    isWindow: stands && event.status === 'announced',
    startsAt: event.startsAt,
    until: event.estimatedRestorationAt,
    nodeIds: event.nodeIds,
    ownNodeIds: event.ownNodeIds,
  };
}

/** A kind that is not known is told by the status: what is announced is not off yet. */
export function outageKindOf({ kind, status }: OutageEvent): OutageState['kind'] {
  if (kind === 'planned' || kind === 'unplanned') return kind;
  return status === 'announced' ? 'planned' : 'unplanned';
}
