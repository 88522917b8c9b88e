import type { DeadLetterGroup } from '@bijli/outbox';

/** Writes groups of dead letters of a service, a line each: how many, of which subscription and reason, and when they died. */
export function printGroups(service: string, groups: readonly DeadLetterGroup[]): string {
  return groups
    .map(({ subscription, reason, waiting, oldestDiedAt, latestDiedAt }) => {
      const from = oldestDiedAt.toISOString();
      const to = latestDiedAt.toISOString();
      const when = from === to ? `at ${from}` : `from ${from} to ${to}`;
      return `${String(waiting).padStart(7)}  ${service} ${subscription}  ${reason}  died ${when}`;
    })
    .join('\n');
}
