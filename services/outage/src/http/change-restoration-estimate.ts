import { currentTraceId, type Endpoint, endpoint, instant } from '@bijli/service';
import { newId } from '@bijli/units';
import { z } from 'zod';
import { changeOutage } from '../flows/change-outage.ts';
import { answerInTransaction } from './answer-in-transaction.ts';
import type { HttpContext } from './context.ts';
import { changedOutageSchema, outageHeaders } from './outage-view.ts';
import { changeHeaders, outageParams } from './request-schemas.ts';

const ESTIMATE = '/body/estimatedRestorationAt';
/** The end of planned work is set by its estimate here. */
const fieldFor = { 'ends-before-start': ESTIMATE, 'window-too-long': ESTIMATE };

/** PUT /v1/outages/{id}/restoration-estimate: says anew when supply is expected back. */
export function changeRestorationEstimate(context: HttpContext): Endpoint {
  return endpoint({
    method: 'put',
    path: '/v1/outages/{id}/restoration-estimate',
    summary: 'Change when supply is expected back; for planned work this moves its end',
    params: outageParams,
    headers: changeHeaders,
    body: z.strictObject({ estimatedRestorationAt: instant }).meta({ id: 'RestorationEstimate' }),
    responses: {
      200: {
        description: 'Supply is expected then; isChanged says whether it was before',
        body: changedOutageSchema,
        headers: outageHeaders,
      },
    },
    // A PUT repeats itself: the second changes nothing, and says so.
    handle: ({ params, headers, body }) =>
      answerInTransaction(
        context,
        { operation: 'change-restoration-estimate', idempotencyKey: undefined, request: null },
        async (tx) => {
          const command = {
            type: 'change-restoration-estimate',
            eventId: newId(),
            basedOn: headers['if-match'] ?? null,
            ...body,
          } as const;
          const decision = await changeOutage(tx, params.id, command, {
            now: context.clock(),
            traceId: currentTraceId(),
          });
          return { decision, status: 200, fieldFor };
        },
      ),
  });
}
