import { instantText } from '@bijli/service';
import { z } from 'zod';
import type { PendingChange } from '../domain/outage.ts';

/** What was said of an outage and nobody is told of yet. */
export const pendingChangeSchema = z
  .strictObject({
    type: z.string().meta({ description: 'The event that it will be', example: 'PlannedWorkCancelled' }),
    reason: z
      .enum(['undo-window', 'hold-down'])
      .meta({ description: 'It can be taken back till then, or a machine said it and nobody has confirmed it' }),
    saidAt: instantText,
    until: instantText,
    startsAt: instantText.nullable(),
    estimatedRestorationAt: instantText.nullable(),
    restoredAt: instantText.nullable(),
    nodeIds: z.array(z.string()),
    exceptNodeIds: z.array(z.string()),
  })
  .meta({ id: 'PendingChange', description: 'What was said and nobody is told of yet; null and empty is as before' });

/** Writes what waits of an outage. */
export function pendingChange({ type, reason, saidAt, dueAt, nodeIds, exceptNodeIds, ...change }: PendingChange) {
  const { startsAt, estimatedRestorationAt, restoredAt } = change;
  return {
    ...{ type, reason, saidAt: saidAt.toISOString(), until: dueAt.toISOString(), startsAt: text(startsAt) },
    ...{ estimatedRestorationAt: text(estimatedRestorationAt), restoredAt: text(restoredAt), nodeIds, exceptNodeIds },
  };
}

const text = (at: Date | null): string | null => at?.toISOString() ?? null;
