import { currentTraceId, type Endpoint, endpoint, instant } from '@bijli/service';
import { newId } from '@bijli/units';
import { z } from 'zod';
import { openOutage } from '../flows/open-outage.ts';
import { answerInTransaction } from './answer-in-transaction.ts';
import type { HttpContext } from './context.ts';
import { changedOutageSchema, outageHeaders } from './outage-view.ts';
import { cause, nodeIds, onceHeaders } from './request-schemas.ts';

/** POST /v1/outages: reports a cut that nobody announced. */
export function reportOutage(context: HttpContext): Endpoint {
  return endpoint({
    method: 'post',
    path: '/v1/outages',
    summary: 'Report an unplanned cut',
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
    responses: { 201: { description: 'Reported', body: changedOutageSchema, headers: outageHeaders } },
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
