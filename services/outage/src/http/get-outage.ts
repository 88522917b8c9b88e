import { type Endpoint, endpoint } from '@bijli/service';
import { getOutage } from '../store/get-outage.ts';
import type { HttpContext } from './context.ts';
import { outageHeaders, outageWithEventsReply, outageWithEventsSchema } from './outage-view.ts';
import { refusalReply, refusedAs } from './problems.ts';
import { outageParams } from './request-schemas.ts';

/** GET /v1/outages/{id}: an outage, what happened to it, and in which traces. */
export function getOutageEndpoint({ db }: Pick<HttpContext, 'db'>): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/outages/{id}',
    operationId: 'getOutage',
    summary: 'One outage with what happened to it',
    description: 'Its events are in their order, each with the id of the trace in which it happened.',
    params: outageParams,
    responses: {
      200: { description: 'The outage', body: outageWithEventsSchema, headers: outageHeaders },
      ...refusedAs('no-such-outage'),
    },
    handle: async ({ params }) => {
      const found = await getOutage(db, params.id);
      return found === null
        ? refusalReply({ code: 'no-such-outage' })
        : outageWithEventsReply(found.outage, found.events);
    },
  });
}
