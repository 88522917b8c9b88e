import type { OutageEvent } from '@bijli/events';
import type { Cause } from './causes.ts';
import type { NamedNodes, OffNodes } from './off-nodes.ts';

/** Whom a return time comes from; `cause-default` is the usual duration of the cause. */
export type EstimateSource = NonNullable<OutageEvent['estimateSource']>;

/** Every source of an estimate, in the order in which a person is shown them. */
export const estimateSources = Object.keys({
  'control-room': true,
  crew: true,
  storm: true,
  'cause-default': true,
} satisfies Record<EstimateSource, true>) as [EstimateSource, ...EstimateSource[]];

/**
 * Before anybody is told, planned work is a `draft` and then `approved`, and a cut that a machine reported is `unconfirmed`; `dropped` is the
 * end of what was never told. Of what is told, `announced` is planned work until it starts and `open` that after it, and a cut; `restored` and
 * `cancelled` are ends.
 */
export type Status = UntoldStatus | OutageEvent['status'];
type UntoldStatus = 'draft' | 'approved' | 'unconfirmed' | 'dropped';

/** Every state, in the order in which a person is shown them. */
export const statuses = Object.keys({
  draft: true,
  approved: true,
  unconfirmed: true,
  dropped: true,
  announced: true,
  open: true,
  restored: true,
  cancelled: true,
} satisfies Record<Status, true>) as [Status, ...Status[]];

/** One outage as it stands: a component is without supply, or will be. Instants are UTC. */
export type Outage = OffNodes & {
  readonly id: string;
  /** Number of its latest event; 0 until there is one. */
  readonly version: number;
  readonly kind: OutageEvent['kind'];
  readonly status: Status;
  readonly cause: Cause;
  /** The nodes as they were named when it was opened. */
  readonly opened: NamedNodes;
  readonly startsAt: Date;
  readonly estimatedRestorationAt: Date;
  /** Null where it was not said. */
  readonly estimateSource: EstimateSource | null;
  readonly restoredAt: Date | null;
  /** Who drafted and who approved planned work; null where nobody did. Never in an event or a log. */
  readonly draftedBy: string | null;
  readonly approvedBy: string | null;
  /** False while only a machine has said the latest of it. */
  readonly isConfirmed: boolean;
  /** What was said and is not told yet, in the order in which it was said. */
  readonly pending: readonly PendingChange[];
};

/**
 * Why a change waits: its person may take it back (`undo-window`), a machine said it and nobody has looked (`hold-down`); or it does no more,
 * since somebody has (`confirmed`).
 */
export type WaitReason = 'undo-window' | 'hold-down' | 'confirmed';

/** A change that waits to be told: the event that it will be, with what that event changes; null and empty where it does not. */
export type PendingChange = NamedNodes & {
  readonly type: OutageEvent['type'];
  readonly reason: WaitReason;
  readonly cause: Cause | null;
  readonly startsAt: Date | null;
  readonly estimatedRestorationAt: Date | null;
  readonly estimateSource: EstimateSource | null;
  readonly restoredAt: Date | null;
  readonly saidAt: Date;
  /** When it was taken: what may be at that instant is decided as of then. */
  readonly takenAt: Date;
  readonly dueAt: Date;
  /** The trace in which it was said, and goes on. */
  readonly traceparent: string | null;
};
