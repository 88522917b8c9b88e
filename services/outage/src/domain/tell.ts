import type { OutageEvent } from '@bijli/events';
import { saidAt } from './commands.ts';
import { type OutageDecision, type RejectionCode, untold } from './decision.ts';
import type { Outage, Status } from './outage.ts';

/** How an outage is told of: by which event, said when, and to which nodes supply came back with it. */
export type Telling = {
  readonly type: OutageEvent['type'];
  readonly command: { readonly eventId: string; readonly saidAt?: Date };
  readonly now: Date;
  readonly energised?: { readonly nodeIds: readonly string[]; readonly at: Date };
};

const TOLD: ReadonlySet<Status> = new Set(['announced', 'open', 'restored', 'cancelled'] satisfies Status[]);

/** Says whether an outage in this state is told of. */
export function isTold(status: Status): status is OutageEvent['status'] {
  return TOLD.has(status);
}

/** Accepts what an outage is now, and tells it by one event of the next version, with the date of the command. */
export function told(outage: Outage, { type, command, now, energised }: Telling): OutageDecision {
  const { id, kind, status, cause, nodeIds, ownNodeIds, startsAt } = outage;
  const { estimatedRestorationAt, estimateSource, restoredAt } = outage;
  if (!isTold(status)) throw new Error('Nobody is told of an outage in this state.');
  const version = outage.version + 1;
  const event = {
    ...{ eventId: command.eventId, type, occurredAt: saidAt(command, now), aggregateId: id, version },
    ...{ kind, status, cause, nodeIds, ownNodeIds, startsAt, estimatedRestorationAt, estimateSource, restoredAt },
    ...{ energisedNodeIds: energised?.nodeIds ?? [], energisedAt: energised?.at ?? null },
  };
  return { accepted: true, state: { ...outage, version, isConfirmed: true }, events: [event] };
}

/** Accepts a change of an outage; it is told, unless nobody is told of the outage itself yet. */
export function changed(outage: Outage, change: Partial<Outage>, telling: Telling): OutageDecision {
  const after = { ...outage, ...change };
  return isTold(after.status) ? told(after, telling) : untold(after);
}

/** Says why an outage takes no more changes, or null. */
export function overRefused({ status }: Outage): RejectionCode | null {
  if (status === 'restored') return 'already-restored';
  if (status === 'cancelled') return 'already-cancelled';
  return status === 'dropped' ? 'already-dropped' : null;
}

/** Says that the caller saw an older version, or null. */
export function versionRefused(
  { version }: Outage,
  { basedOn }: { readonly basedOn: number | null },
): RejectionCode | null {
  return basedOn !== null && basedOn !== version ? 'stale-version' : null;
}

/** That it is over is said before that the caller saw an older version: a second restoration is refused as what it is. */
export function changeRefused(outage: Outage, command: { readonly basedOn: number | null }): RejectionCode | null {
  return overRefused(outage) ?? versionRefused(outage, command);
}

/** Says why a command on planned work is refused, or null. */
export function plannedRefused(outage: Outage, command: { readonly basedOn: number | null }): RejectionCode | null {
  return outage.kind === 'planned' ? changeRefused(outage, command) : 'not-planned';
}

/** Says whether the return time, and whose it is, are what they were. */
export function isSameEstimate(
  outage: Outage,
  { estimatedRestorationAt, estimateSource }: Pick<Outage, 'estimatedRestorationAt' | 'estimateSource'>,
): boolean {
  return (
    estimatedRestorationAt.getTime() === outage.estimatedRestorationAt.getTime() &&
    estimateSource === outage.estimateSource
  );
}
