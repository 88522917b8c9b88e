import { currentTraceId, type Endpoint, endpoint, instant } from '@bijli/service';
import { newId } from '@bijli/units';
import { z } from 'zod';
import { openOutage } from '../flows/open-outage.ts';
import { answerInTransaction } from './answer-in-transaction.ts';
import type { HttpContext } from './context.ts';
import { changedOutageSchema, outageHeaders } from './outage-view.ts';
import { cause, nodeIds, onceHeaders } from './request-schemas.ts';

/** POST /v1/planned-outages: announces work ahead of its start, with its cause and when supply returns. */
export function announcePlannedOutage(context: HttpContext): Endpoint {
  return endpoint({
    method: 'post',
    path: '/v1/planned-outages',
    summary: 'Announce planned work ahead of its start',
    headers: onceHeaders,
    body: z.strictObject({ nodeIds, cause, startsAt: instant, endsAt: instant }).meta({ id: 'PlannedOutage' }),
    responses: { 201: { description: 'Announced', body: changedOutageSchema, headers: outageHeaders } },
    handle: ({ body, headers }) =>
      answerInTransaction(
        context,
        { operation: 'announce-planned-outage', idempotencyKey: headers['idempotency-key'], request: body },
        async (tx) => {
          const command = { type: 'announce-planned-work', outageId: newId(), eventId: newId(), ...body } as const;
          const opened = await openOutage(tx, command, { now: context.clock(), traceId: currentTraceId() });
          return { ...opened, status: 201 };
        },
      ),
  });
}
