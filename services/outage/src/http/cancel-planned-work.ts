import type { Endpoint } from '@bijli/service';
import { z } from 'zod';
import { changeEndpoint } from './change-endpoint.ts';
import type { HttpContext } from './context.ts';
import { undoable } from './waits.ts';

/** POST /v1/outages/{id}/cancellation: cancels planned work that has not started. */
export function cancelPlannedWorkEndpoint(context: HttpContext): Endpoint {
  return changeEndpoint(context, {
    method: 'post',
    step: 'cancellation',
    operationId: 'cancelPlannedWork',
    summary: 'Cancel planned work before it starts',
    description:
      'The people who were told of it are told, when the time to take it back is over. A draft is dropped, and nobody is told.',
    body: z.strictObject({}).meta({ id: 'Cancellation' }),
    example: () => ({}),
    done: 'Cancelled; `pending` says until when it can be taken back',
    refusals: [
      'not-planned',
      'already-begun',
      'already-cancelled',
      'already-restored',
      'already-dropped',
      'change-pending',
    ],
    command: (asked) => ({ type: 'cancel-planned-work', ...asked, ...undoable(context) }),
  });
}
