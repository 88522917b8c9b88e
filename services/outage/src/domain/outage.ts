import type { Decision, OutageEvent } from '@bijli/events';
import type { Cause } from './causes.ts';

/** One outage as it stands: a component is without supply, or will be. Instants are UTC. */
export type Outage = {
  readonly id: string;
  /** Number of its latest event. */
  readonly version: number;
  readonly kind: OutageEvent['kind'];
  /** `announced` is planned work until supply is back; `open` a cut; `restored` is the end of both. */
  readonly status: OutageEvent['status'];
  readonly cause: Cause;
  readonly nodeIds: readonly string[];
  readonly startsAt: Date;
  readonly estimatedRestorationAt: Date;
  readonly restoredAt: Date | null;
};

/** What must be known of the network and of other outages to open one; read in the same transaction, under the lock of openings. */
export type Surroundings = {
  /** Positions in `nodeIds` of codes that the network does not have. */
  readonly unknownNodes: readonly number[];
  /** Id of an outage of the same kind on one of exactly these nodes at the same time; null where there is none. */
  readonly alreadyOutIn: string | null;
};

/**
 * Whoever tells us later than it was said says when; what is not dated otherwise is dated by it. Never later than now, whatever their clock
 * says.
 */
type Said = { readonly saidAt?: Date };
type NewOutage = Said & {
  readonly outageId: string;
  readonly eventId: string;
  readonly nodeIds: readonly string[];
  readonly cause: Cause;
} & Surroundings;
type Change = Said & {
  readonly eventId: string;
  /** The version that the caller saw; null where the caller does not say. */
  readonly basedOn: number | null;
};

export type AnnouncePlannedWork = NewOutage & {
  readonly type: 'announce-planned-work';
  readonly startsAt: Date;
  readonly endsAt: Date;
};
/** Null means when it was said, and by the cause's usual duration. */
export type ReportOutage = NewOutage & {
  readonly type: 'report-outage';
  readonly startedAt: Date | null;
  readonly estimatedRestorationAt: Date | null;
};
export type ChangeRestorationEstimate = Change & {
  readonly type: 'change-restoration-estimate';
  readonly estimatedRestorationAt: Date;
};
/** Null means when it was said. */
export type RestoreSupply = Change & { readonly type: 'restore-supply'; readonly restoredAt: Date | null };

export type OpeningCommand = AnnouncePlannedWork | ReportOutage;
export type ChangingCommand = ChangeRestorationEstimate | RestoreSupply;
export type OutageCommand = OpeningCommand | ChangingCommand;

/** Why a command is refused; refusal-words.ts says it in words. */
export type RejectionCode =
  | 'already-exists'
  | 'no-such-outage'
  | 'stale-version'
  | 'node-count'
  | 'duplicate-node'
  | 'unknown-node'
  | 'already-out'
  | 'starts-in-the-past'
  | 'starts-too-far-ahead'
  | 'ends-before-start'
  | 'window-too-long'
  | 'started-in-the-future'
  | 'started-too-long-ago'
  | 'estimate-in-the-past'
  | 'estimate-too-far-ahead'
  | 'already-restored'
  | 'not-begun'
  | 'restored-before-start'
  | 'restored-in-the-future';

export type OutageDecision = Decision<Outage, OutageEvent, RejectionCode>;

/** Refuses a command by its code. */
export function refuse(code: RejectionCode): OutageDecision {
  return { accepted: false, code };
}

/** Tells when a command was said: now, unless it came late. */
export function saidAt(command: Said, now: Date): Date {
  return command.saidAt === undefined || command.saidAt > now ? now : command.saidAt;
}

/** Accepts a command: the outage after it, and the one event that tells it, with the date of the command. */
export function accepted(
  after: Outage,
  type: OutageEvent['type'],
  command: Pick<OutageCommand, 'eventId' | 'saidAt'>,
  now: Date,
): OutageDecision {
  const { id, ...told } = after;
  const event = { eventId: command.eventId, type, occurredAt: saidAt(command, now), aggregateId: id, ...told };
  return { accepted: true, state: after, events: [event] };
}
