import { type Endpoint, instant } from '@bijli/service';
import { z } from 'zod';
import { changeEndpoint } from './change-endpoint.ts';
import type { HttpContext } from './context.ts';
import { estimateSource } from './request-schemas.ts';

const ESTIMATE = '/body/estimatedRestorationAt';
const fieldFor = { 'ends-before-start': ESTIMATE, 'window-too-long': ESTIMATE, 'already-out': null };

/** POST /v1/outages/{id}/reopening: supply is not back after all, or went again at once. */
export function reopenOutageEndpoint(context: HttpContext): Endpoint {
  return changeEndpoint(context, {
    method: 'post',
    step: 'reopening',
    operationId: 'reopenOutage',
    summary: 'Open an outage again that was restored a moment ago',
    description:
      'Within 10 minutes of its restoration it is the same outage, on the same nodes; after that report a new one. The people who were ' +
      'told that power is back are told that it is off.',
    body: z
      .strictObject({
        estimatedRestorationAt: instant.optional().meta({
          description: 'As before where absent and still to come, else by the usual duration of the cause',
        }),
        estimateSource,
      })
      .meta({ id: 'Reopening' }),
    example: () => ({}),
    done: 'Open again',
    refusals: [
      'not-restored',
      'restored-too-long-ago',
      'already-cancelled',
      'already-dropped',
      'already-out',
      'estimate-in-the-past',
      'estimate-too-far-ahead',
      'ends-before-start',
      'window-too-long',
    ],
    fieldFor,
    command: (asked, { estimatedRestorationAt = null, estimateSource: source = 'control-room' }) => ({
      ...{ type: 'reopen-outage', ...asked, nodeIds: [], exceptNodeIds: [], startedAt: null, cause: null },
      ...{ estimatedRestorationAt, estimateSource: source },
    }),
  });
}
