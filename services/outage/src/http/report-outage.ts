import { type Endpoint, endpoint, instant } from '@bijli/service';
import { currentTraceId } from '@bijli/tracing';
import { newId } from '@bijli/units';
import { z } from 'zod';
import { openOutage } from '../flows/open-outage.ts';
import { answerInTransaction } from './answer-in-transaction.ts';
import type { HttpContext } from './context.ts';
import { openedHeaders, changedOutageSchema } from './outage-view.ts';
import { refusedAs } from './problems.ts';
import { cause, nodeIds, onceHeaders } from './request-schemas.ts';

/** POST /v1/outages: reports a cut that nobody announced. */
export function reportOutageEndpoint(context: HttpContext): Endpoint {
  return endpoint({
    method: 'post',
    path: '/v1/outages',
    operationId: 'reportOutage',
    summary: 'Report an unplanned cut',
    description:
      'The people below these nodes are told its cause and when supply is expected back. One cut is open on ' +
      'a node at a time: a second report is refused, and the answer names the outage that is there.',
    headers: onceHeaders,
    body: z
      .strictObject({
        nodeIds,
        cause,
        startedAt: instant.optional().meta({ description: 'Now where absent' }),
        estimatedRestorationAt: instant
          .optional()
          .meta({ description: 'By the usual duration of the cause where absent' }),
      })
      .meta({ id: 'UnplannedOutage' }),
    examples: () => ({ body: { nodeIds: ['F-1203'], cause: 'transformer-fault' } }),
    responses: {
      201: { description: 'Reported', body: changedOutageSchema, headers: openedHeaders },
      ...refusedAs(
        'already-out',
        'unknown-node',
        'started-in-the-future',
        'started-too-long-ago',
        'estimate-in-the-past',
        'estimate-too-far-ahead',
      ),
    },
    handle: ({ body, headers }) =>
      answerInTransaction(
        context,
        { operation: 'report-outage', idempotencyKey: headers['idempotency-key'], request: body },
        async (tx) => {
          const { startedAt = null, estimatedRestorationAt = null } = body;
          const command = {
            type: 'report-outage',
            outageId: newId(),
            eventId: newId(),
            nodeIds: body.nodeIds,
            cause: body.cause,
            startedAt,
            estimatedRestorationAt,
          } as const;
          const opened = await openOutage(tx, command, { now: context.clock(), traceId: currentTraceId() });
          return { ...opened, status: 201 };
        },
      ),
  });
}
