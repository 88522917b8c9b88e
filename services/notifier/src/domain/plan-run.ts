import type { OutageEvent } from '@bijli/events';

/** What a run says: the first news of planned work or of a cut, a moved return time, or the return of supply. */
export type RunKind = 'planned' | 'unplanned' | 'estimate' | 'restored';

/** What the texts of an outage are filled with. Instants are UTC. */
export interface OutageFacts {
  outageKind: 'planned' | 'unplanned';
  cause: string;
  startsAt: Date;
  estimatedRestorationAt: Date;
  restoredAt: Date | null;
}

/** A run as it is decided, before its audience is known. */
export interface RunPlan {
  threadId: string;
  revision: number;
  kind: RunKind;
  lane: number;
  facts: OutageFacts;
  /** From this instant on nothing of the run is sent any more. */
  notAfter: Date;
  /** True when the news is so late that an operator must release it. */
  isHeld: boolean;
}

/** News older than this when it is heard waits for an operator (domain.md, hazards: "facts whose moment has passed"). */
export const LATE_NEWS_MINUTES = 30;

/** How long the return of supply stays worth telling. */
const RESTORED_NEWS_MINUTES = 120;

/** Lower is claimed first. Unplanned before restoration and ETR before planned (notifier.md, lanes). */
const LANES: Readonly<Record<RunKind, number>> = { unplanned: 1, restored: 2, estimate: 2, planned: 3 };

const MINUTE_MS = 60_000;

/**
 * This function will decide which run an outage event asks for.
 * @returns null when the event is of a type that is told to nobody (a newer producer's).
 */
export function planRun(event: OutageEvent, now: Date): RunPlan | null {
  const kind = runKindOf(event);
  if (kind === null) return null;
  return {
    threadId: `outage:${event.aggregateId}`,
    revision: event.version,
    kind,
    lane: LANES[kind],
    facts: {
      outageKind: event.kind,
      cause: event.cause,
      startsAt: event.startsAt,
      estimatedRestorationAt: event.estimatedRestorationAt,
      restoredAt: event.restoredAt,
    },
    notAfter: endOfUse(kind, event),
    isHeld: now.getTime() - event.occurredAt.getTime() > LATE_NEWS_MINUTES * MINUTE_MS,
  };
}

function runKindOf(event: OutageEvent): RunKind | null {
  switch (event.type) {
    case 'PlannedOutageAnnounced':
      return 'planned';
    case 'OutageReported':
      return 'unplanned';
    case 'RestorationEstimateChanged':
      return 'estimate';
    case 'SupplyRestored':
      return 'restored';
    default:
      return null;
  }
}

/** A promise of supply by an instant is worth nothing from that instant on. */
function endOfUse(kind: RunKind, event: OutageEvent): Date {
  if (kind !== 'restored') return event.estimatedRestorationAt;
  const restoredAt = event.restoredAt ?? event.occurredAt;
  return new Date(Math.max(restoredAt.getTime(), event.occurredAt.getTime()) + RESTORED_NEWS_MINUTES * MINUTE_MS);
}
