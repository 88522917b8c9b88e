import { type Endpoint, instant } from '@bijli/service';
import { z } from 'zod';
import { changeEndpoint } from './change-endpoint.ts';
import type { HttpContext } from './context.ts';
import { exceptNodeIds, isConfirmed, restoredNodeIds } from './request-schemas.ts';
import { unlessConfirmed } from './waits.ts';

/** POST /v1/outages/{id}/restoration: says that supply is back, for the whole outage or for some of its nodes. */
export function restoreSupplyEndpoint(context: HttpContext): Endpoint {
  return changeEndpoint(context, {
    method: 'post',
    step: 'restoration',
    operationId: 'restoreSupply',
    summary: 'Restore the outage, or some of its nodes',
    description:
      'The people who were told of the outage are told that power is back. With `nodeIds` or `exceptNodeIds` it is one ' +
      'step of several: the outage stays open for what is left, and ends with the step that leaves nothing.',
    body: z
      .strictObject({
        nodeIds: restoredNodeIds,
        exceptNodeIds,
        restoredAt: instant.optional().meta({ description: 'Now where absent' }),
        isConfirmed,
      })
      .meta({ id: 'Restoration' }),
    example: () => ({}),
    done: 'Restored, as a whole or in part',
    refusals: [
      'already-restored',
      'already-cancelled',
      'already-dropped',
      'not-announced',
      'not-begun',
      'already-energised',
      'unknown-node',
      'not-in-outage',
      'not-below',
      'excludes-everything',
      'too-many-parts',
      'restored-before-start',
      'restored-in-the-future',
    ],
    command: (asked, { nodeIds = [], exceptNodeIds: excepted = [], restoredAt = null, ...said }) => {
      const restored = { ...asked, restoredAt, ...unlessConfirmed(context, said) };
      return nodeIds.length + excepted.length === 0
        ? { type: 'restore-supply', ...restored }
        : { type: 'restore-nodes', ...restored, nodeIds, exceptNodeIds: excepted };
    },
  });
}
