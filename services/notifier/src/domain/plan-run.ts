import type { OutageEvent } from '@bijli/events';
import { lanes } from './lanes.ts';
import { outageKindOf } from './outage-state.ts';

/** What a run is about: the first news of planned work or of a cut, a change of it, work that will not be, or the return of supply. */
export type ToldRunKind = 'planned' | 'unplanned' | 'estimate' | 'cancelled' | 'restored';
/** `ended` says nothing: the outage is over, and nobody said that supply is back. */
export type RunKind = ToldRunKind | 'ended';

/** What the texts of an outage are filled with. Instants are UTC. */
export type OutageFacts = {
  readonly outageKind: 'planned' | 'unplanned';
  readonly cause: string;
  readonly startsAt: Date;
  readonly estimatedRestorationAt: Date;
  readonly restoredAt: Date | null;
  /** When it was said: supply that came back for some came back by then. */
  readonly saidAt: Date;
};

/** A run as it is decided, before its audience is known. */
export type RunPlan = {
  readonly threadId: string;
  readonly revision: number;
  readonly kind: RunKind;
  readonly lane: number;
  readonly facts: OutageFacts;
  /** From this instant on nothing of the run is sent any more. */
  readonly notAfter: Date;
  /** True when the news is so late that an operator must release it. */
  readonly isHeld: boolean;
};

/** News older than this when it is heard waits for an operator: their moment may have passed. */
export const LATE_NEWS_MINUTES = 30;

/** How long the return of supply stays worth telling. */
const RESTORED_NEWS_MINUTES = 120;
/** A cut that stands is news so much longer than anybody said that it would last. */
const OVERDUE_NEWS_MINUTES = 24 * 60;

/** What is off is told first, then what changed of it, then what is to come. */
const LANES: Readonly<Record<RunKind, number>> = {
  unplanned: lanes.indexOf('unplanned'),
  restored: lanes.indexOf('restored'),
  cancelled: lanes.indexOf('restored'),
  ended: lanes.indexOf('restored'),
  estimate: lanes.indexOf('restored'),
  planned: lanes.indexOf('planned'),
};

const MINUTE_MS = 60_000;

/**
 * Decides which run an outage event asks for. The state that the event carries decides, since newer producers say types and
 * statuses that this release does not know: an outage with a time of restoration is told as over; one that is neither
 * announced nor open is over without being told; of one that stands, the type says only whether it is the first news.
 */
export function planRun(event: OutageEvent, now: Date): RunPlan {
  const kind = runKindOf(event);
  return {
    threadId: `outage:${event.aggregateId}`,
    revision: event.version,
    kind,
    lane: LANES[kind],
    facts: {
      outageKind: outageKindOf(event),
      cause: event.cause,
      startsAt: event.startsAt,
      estimatedRestorationAt: event.estimatedRestorationAt,
      restoredAt: event.restoredAt,
      saidAt: event.energisedAt ?? event.occurredAt,
    },
    notAfter: endOfUse(kind, event, now),
    isHeld: kind !== 'ended' && now.getTime() - event.occurredAt.getTime() > LATE_NEWS_MINUTES * MINUTE_MS,
  };
}

function runKindOf(event: OutageEvent): RunKind {
  if (event.restoredAt !== null) return 'restored';
  if (event.status === 'cancelled' && outageKindOf(event) === 'planned') return 'cancelled';
  if (event.status !== 'announced' && event.status !== 'open') return 'ended';
  switch (event.type) {
    case 'PlannedOutageAnnounced':
      return 'planned';
    case 'OutageReported':
      return 'unplanned';
    case 'RestorationEstimateChanged':
      return 'estimate';
    default:
      return event.version === 1 ? outageKindOf(event) : 'estimate';
  }
}

/** A window is worth nothing once it is past. What is off is told until supply is back, without a time where that one is past. */
function endOfUse(kind: RunKind, event: OutageEvent, now: Date): Date {
  const { estimatedRestorationAt, restoredAt, occurredAt } = event;
  if (kind === 'restored' || kind === 'cancelled')
    return later(restoredAt ?? occurredAt, occurredAt, RESTORED_NEWS_MINUTES);
  return event.status === 'announced'
    ? estimatedRestorationAt
    : later(estimatedRestorationAt, now, OVERDUE_NEWS_MINUTES);
}

const later = (one: Date, other: Date, minutes: number): Date =>
  new Date(Math.max(one.getTime(), other.getTime()) + minutes * MINUTE_MS);
