import { type Endpoint, endpoint, instant } from '@bijli/service';
import { currentTraceId } from '@bijli/tracing';
import { newId } from '@bijli/units';
import { z } from 'zod';
import { changeOutage } from '../flows/change-outage.ts';
import { answerInTransaction } from './answer-in-transaction.ts';
import type { HttpContext } from './context.ts';
import { outageHeaders, changedOutageSchema } from './outage-view.ts';
import { refusedAs } from './problems.ts';
import { changeHeaders, onceHeaders, outageParams } from './request-schemas.ts';

/** POST /v1/outages/{id}/restoration: says that supply is back, for the whole outage. */
export function restoreSupplyEndpoint(context: HttpContext): Endpoint {
  return endpoint({
    method: 'post',
    path: '/v1/outages/{id}/restoration',
    operationId: 'restoreSupply',
    summary: 'Restore the whole outage',
    description: 'The people who were told of the outage are told that power is back.',
    params: outageParams,
    headers: onceHeaders.extend(changeHeaders.shape),
    body: z
      .strictObject({ restoredAt: instant.optional().meta({ description: 'Now where absent' }) })
      .meta({ id: 'Restoration' }),
    examples: () => ({ body: {} }),
    responses: {
      200: { description: 'Restored', body: changedOutageSchema, headers: outageHeaders },
      ...refusedAs(
        'no-such-outage',
        'stale-version',
        'already-restored',
        'not-begun',
        'restored-before-start',
        'restored-in-the-future',
      ),
    },
    handle: ({ params, headers, body }) =>
      answerInTransaction(
        context,
        { operation: 'restore-supply', idempotencyKey: headers['idempotency-key'], request: { ...params, ...body } },
        async (tx) => {
          const command = {
            type: 'restore-supply',
            eventId: newId(),
            basedOn: headers['if-match'] ?? null,
            restoredAt: body.restoredAt ?? null,
          } as const;
          const decision = await changeOutage(tx, params.id, command, {
            now: context.clock(),
            traceId: currentTraceId(),
          });
          return { decision, status: 200 };
        },
      ),
  });
}
