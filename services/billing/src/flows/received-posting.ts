import type { AccountDecision } from '../domain/account.ts';
import type { HeardPosting } from '../domain/decide-all.ts';
import type { StoredWaiting } from '../store/waiting-events.ts';
import type { Trace } from '@bijli/tracing';

/** A posting as it came in. */
export type ReceivedPosting = HeardPosting &
  Trace & {
    /** Id at its source; what waits is known by it. */
    readonly eventId: string;
    /** Where it was kept apart until now, and why. */
    readonly kept: Pick<StoredWaiting, 'id' | 'reason'> | null;
  };

/** What was decided on a posting, and on whose account. */
export type Decided = {
  readonly received: ReceivedPosting;
  readonly accountId: string | null;
  readonly decision: AccountDecision;
};

/** Tells again what was kept apart. */
export function receivedAgain({ id, reason, ...waiting }: StoredWaiting): ReceivedPosting {
  const { posting, heardAt, eventId, traceId, traceparent } = waiting;
  return { posting, heardAt, eventId, traceId, traceparent, kept: { id, reason } };
}
