import type { OutageEvent } from '@bijli/events';
import { outage } from '../town-of-six.ts';
import type { Command } from './history.ts';
import type { Outage } from './facts.ts';

const MINUTE_MS = 60_000;
/** The whole minute in which a history begins: told times are minutes. */
export function thisMinute(): number {
  return Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
}
const moved = (at: Date, minutes: number, begin: number): Date =>
  new Date(Math.max(at.getTime() + minutes * MINUTE_MS, begin + 60 * MINUTE_MS));

type Open = Extract<Command, { is: 'report' | 'announce' }>;

/** The first event of the nth outage of a history. Work begins at a minute of its own, so that a text about it names it. */
export function opened(command: Open, nth: number, begin: number): OutageEvent {
  const inMinutes = (minutes: number): Date => new Date(begin + minutes * MINUTE_MS);
  const change = {
    aggregateId: `00000000-0000-7000-8000-0000000002${String(nth).padStart(2, '0')}`,
    nodeIds: [...command.nodes],
    ownNodeIds: command.own.filter((node) => !command.nodes.includes(node)),
  };
  if (command.is === 'report')
    return outage({
      ...change,
      cause: CAUSES[nth % CAUSES.length] ?? 'storm',
      startsAt: inMinutes(-5),
      estimatedRestorationAt: inMinutes(command.hours * 15 + 60),
    });
  return outage({
    ...change,
    type: 'PlannedOutageAnnounced',
    kind: 'planned',
    status: 'announced',
    cause: 'maintenance',
    startsAt: inMinutes(command.hours * 60 + nth),
    estimatedRestorationAt: inMinutes(command.hours * 60 + 120),
  });
}
const CAUSES = ['line-fault', 'storm', 'overload', 'cable-fault', 'transformer-fault'] as const;

/** The next event of an outage; null where the command makes no sense of it. */
export function changed(event: OutageEvent, command: Command, begin: number): OutageEvent | null {
  const next = (change: Partial<OutageEvent>): OutageEvent => ({
    ...event,
    version: event.version + 1,
    occurredAt: new Date(),
    ...change,
  });
  const { status, kind, estimatedRestorationAt, startsAt } = event;
  switch (command.is) {
    case 'move-time':
      if (status !== 'open' && status !== 'announced') return null;
      return next({
        type: kind === 'planned' ? 'PlannedWorkExtended' : 'RestorationEstimateChanged',
        estimatedRestorationAt: new Date(
          Math.max(
            moved(estimatedRestorationAt, command.minutes, begin).getTime(),
            startsAt.getTime() + 30 * MINUTE_MS,
          ),
        ),
      });
    // Said when it is past already; the end of a text that waits passes in truth.db.test.ts.
    case 'overdue':
      if (status !== 'open') return null;
      return next({ type: 'RestorationEstimateChanged', estimatedRestorationAt: new Date(begin - 2 * MINUTE_MS) });
    case 'reschedule':
      if (status !== 'announced') return null;
      return next({
        type: 'PlannedWorkRescheduled',
        startsAt: moved(startsAt, command.minutes, begin),
        estimatedRestorationAt: moved(estimatedRestorationAt, command.minutes, begin),
      });
    case 'step':
      if (status !== 'open' && status !== 'announced') return null;
      return next({
        type: 'SupplyPartlyRestored',
        nodeIds: [...command.nodes],
        ownNodeIds: command.own.filter((node) => !command.nodes.includes(node)),
      });
    case 'restore':
      return status === 'open' ? next({ type: 'SupplyRestored', status: 'restored', restoredAt: new Date() }) : null;
    case 'reopen':
      return status === 'restored' ? next({ type: 'OutageReopened', status: 'open', restoredAt: null }) : null;
    case 'start':
    case 'start-on-time':
      return status === 'announced' ? next({ type: 'PlannedWorkStarted', status: 'open' }) : null;
    case 'cancel':
      return status === 'announced' ? next({ type: 'PlannedWorkCancelled', status: 'cancelled' }) : null;
    default:
      return null;
  }
}

export function outageOf(event: OutageEvent): Outage {
  return {
    id: event.aggregateId,
    version: event.version,
    status: event.status,
    nodeIds: event.nodeIds,
    ownNodeIds: event.ownNodeIds,
    startsAt: event.startsAt.getTime(),
    until: event.estimatedRestorationAt.getTime(),
  };
}
