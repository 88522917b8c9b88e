import type { Cause } from './causes.ts';
import type { Network } from './network.ts';
import type { NamedNodes } from './off-nodes.ts';
import type { EstimateSource, WaitReason } from './outage.ts';

/** That a command's event waits before it is told, and why; the trace in which it was said goes on then. */
export type Wait = {
  readonly reason: Exclude<WaitReason, 'confirmed'>;
  readonly ms: number;
  readonly traceparent: string | null;
};

/**
 * Whoever tells us later than it was said says when; what is not dated otherwise is dated by it. Never later than now, whatever their clock
 * says.
 */
type Said = { readonly saidAt?: Date; readonly wait?: Wait };
/** What must be known of the network and of other outages; read in the same transaction, under the locks of the substations. */
export type Surroundings = {
  /** Places in the command's lists of codes that the network does not have: `nodeIds.3`. */
  readonly unknownNodes: readonly string[];
  /** Id of another outage of the same kind on one of exactly these nodes at the same time; null where there is none. */
  readonly alreadyOutIn: string | null;
  readonly network: Network;
};
/** Null where nobody gives one; whose it is counts only with one. */
type SaidEstimate = { readonly estimatedRestorationAt: Date | null; readonly estimateSource: EstimateSource };
type Window = { readonly startsAt: Date; readonly endsAt: Date; readonly estimateSource: EstimateSource };

type NewOutage = Said &
  NamedNodes &
  Surroundings & { readonly outageId: string; readonly eventId: string; readonly cause: Cause };
type Change = Said & {
  readonly eventId: string;
  /** The version that the caller saw; null where the caller does not say. */
  readonly basedOn: number | null;
};

export type DraftPlannedWork = NewOutage & Window & { readonly type: 'draft-planned-work'; readonly draftedBy: string };
export type AnnouncePlannedWork = NewOutage & Window & { readonly type: 'announce-planned-work' };
/** A null beginning is when it was said; without an estimate the cause's usual duration counts. */
export type ReportOutage = NewOutage &
  SaidEstimate & { readonly type: 'report-outage'; readonly startedAt: Date | null };

export type ApprovePlannedWork = Change & { readonly type: 'approve-planned-work'; readonly approvedBy: string };
export type AnnounceApprovedWork = Change & Surroundings & { readonly type: 'announce-approved-work' };
/** Null means when it was said. */
export type StartPlannedWork = Change & { readonly type: 'start-planned-work'; readonly startedAt: Date | null };
/** Null stays as it is. */
export type ReschedulePlannedWork = Change &
  Pick<Surroundings, 'alreadyOutIn'> & {
    readonly type: 'reschedule-planned-work';
    readonly startsAt: Date | null;
    readonly endsAt: Date | null;
    readonly estimateSource: EstimateSource;
  };
export type ExtendPlannedWork = Change & {
  readonly type: 'extend-planned-work';
  readonly endsAt: Date;
  readonly estimateSource: EstimateSource;
};
export type CancelPlannedWork = Change & { readonly type: 'cancel-planned-work' };
export type ChangeRestorationEstimate = Change &
  Pick<Surroundings, 'alreadyOutIn'> & {
    readonly type: 'change-restoration-estimate';
    readonly estimatedRestorationAt: Date;
    readonly estimateSource: EstimateSource;
  };
/** Of the whole outage; null means when it was said. */
export type RestoreSupply = Change & { readonly type: 'restore-supply'; readonly restoredAt: Date | null };
/** Of some nodes; none named means all but the excepted ones. */
export type RestoreNodes = Change &
  NamedNodes &
  Omit<Surroundings, 'alreadyOutIn'> & { readonly type: 'restore-nodes'; readonly restoredAt: Date | null };
/** Null and empty is as before. */
export type ReopenOutage = Change &
  NamedNodes &
  SaidEstimate &
  Omit<Surroundings, 'unknownNodes'> & {
    readonly type: 'reopen-outage';
    readonly startedAt: Date | null;
    readonly cause: Cause | null;
  };
/** A person has looked: what a machine said is so. */
export type ConfirmOutage = Change & { readonly type: 'confirm-outage' };
export type UndoChange = Change & { readonly type: 'undo-change' };
/** Makes one thing happen that is due: a change that waited, or the start of planned work. */
export type PassTime = Pick<Surroundings, 'network'> & { readonly type: 'pass-time'; readonly eventId: string };

export type OpeningCommand = DraftPlannedWork | AnnouncePlannedWork | ReportOutage;
export type ChangingCommand =
  | ApprovePlannedWork
  | AnnounceApprovedWork
  | StartPlannedWork
  | ReschedulePlannedWork
  | ExtendPlannedWork
  | CancelPlannedWork
  | ChangeRestorationEstimate
  | RestoreSupply
  | RestoreNodes
  | ReopenOutage
  | ConfirmOutage
  | UndoChange;
export type OutageCommand = OpeningCommand | ChangingCommand | PassTime;
/** A command without what surrounds it, which is read where it is carried out. */
export type Alone<Command> = Command extends unknown ? Omit<Command, keyof Surroundings> : never;

/** Says whether only a machine says it. */
export function isMachines({ wait }: Said): boolean {
  return wait?.reason === 'hold-down';
}

/** Tells when a command was said: now, unless it came late. */
export function saidAt(command: Said, now: Date): Date {
  return command.saidAt === undefined || command.saidAt > now ? now : command.saidAt;
}
