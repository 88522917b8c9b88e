import type { RawSubscription } from '@bijli/kafka';
import type { FailedReadings } from '../dead-letters/parked-batches.ts';
import type { Readiness } from '@bijli/loop';

/** What of some subscriptions an operator should know; none of it is a reason to take the service out, but never having joined. */
export type SubscriptionsState = {
  readonly heard: readonly Pick<RawSubscription, 'progress'>[];
  readonly joinedOnce: boolean;
  readonly parkedBatches: ReadonlyMap<string, number>;
  readonly failedReadings: readonly FailedReadings[];
};

/** Says whether a service's subscriptions are ready, and what keeps any of them from hearing all that was said. */
export function subscriptionsReadiness({
  heard,
  joinedOnce,
  parkedBatches,
  failedReadings,
}: SubscriptionsState): Readiness {
  const outside = heard.filter((raw) => raw.progress().assigned === null).length;
  const details = [
    ...(outside > 0 ? [`${outside} of ${heard.length} not in their groups`] : []),
    ...new Set(heard.flatMap((raw) => raw.progress().troubles)),
    ...[...parkedBatches].map(([name, count]) => `${count} parked ${count === 1 ? 'batch' : 'batches'} of ${name}`),
    ...failedReadings.map(
      ({ subscription, failure, count }) =>
        `${count} ${count === 1 ? 'replay' : 'replays'} of ${subscription} cannot be read yet: ${failure}`,
    ),
  ];
  return { ok: joinedOnce, ...(details.length > 0 ? { detail: details.join('; ') } : {}) };
}
