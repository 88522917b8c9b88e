import { type Endpoint, endpoint, instant } from '@bijli/service';
import { currentTraceId } from '@bijli/tracing';
import { newId } from '@bijli/units';
import { z } from 'zod';
import { addMinutes } from '../domain/limits.ts';
import { changeOutage } from '../flows/change-outage.ts';
import { answerInTransaction } from './answer-in-transaction.ts';
import type { HttpContext } from './context.ts';
import { outageHeaders, changedOutageSchema } from './outage-view.ts';
import { refusedAs } from './problems.ts';
import { changeHeaders, outageParams } from './request-schemas.ts';

const ESTIMATE = '/body/estimatedRestorationAt';
/** The end of planned work is set by its estimate here. */
const fieldFor = { 'ends-before-start': ESTIMATE, 'window-too-long': ESTIMATE };

/** Minutes from now. */
const EXAMPLE_IS_IN = 240;

/** PUT /v1/outages/{id}/restoration-estimate: says anew when supply is expected back. */
export function changeRestorationEstimateEndpoint(context: HttpContext): Endpoint {
  return endpoint({
    method: 'put',
    path: '/v1/outages/{id}/restoration-estimate',
    operationId: 'changeRestorationEstimate',
    summary: 'Change when supply is expected back; for planned work this moves its end',
    description:
      'The people who were told the time before are told this one. The same estimate again changes nothing ' +
      '(`isChanged` is false), and nobody is told twice.',
    params: outageParams,
    headers: changeHeaders,
    body: z.strictObject({ estimatedRestorationAt: instant }).meta({ id: 'RestorationEstimate' }),
    examples: (now) => ({ body: { estimatedRestorationAt: addMinutes(now, EXAMPLE_IS_IN).toISOString() } }),
    responses: {
      200: {
        description: 'Supply is expected then; isChanged says whether it was before',
        body: changedOutageSchema,
        headers: outageHeaders,
      },
      ...refusedAs(
        'no-such-outage',
        'stale-version',
        'already-restored',
        'estimate-in-the-past',
        'estimate-too-far-ahead',
        'ends-before-start',
        'window-too-long',
      ),
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
