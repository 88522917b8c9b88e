import { type Endpoint, endpoint } from '@bijli/service';
import { z } from 'zod';
import type { HttpContext } from './context.ts';

const cause = z.strictObject({
  code: z.string().meta({ description: 'The code, as the outage service lists it', example: 'line-repair' }),
  labels: z.strictObject({ hi: z.string(), en: z.string() }),
});

/** Makes GET /v1/causes: the words of the causes, as they stand in texts. */
export function listCausesEndpoint({ catalogue }: Pick<HttpContext, 'catalogue'>): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/causes',
    operationId: 'listCauses',
    summary: 'The words of the causes of outages, as texts say them',
    description: 'The outage service lists the codes with their usual durations; these are the words that people read.',
    responses: { 200: { description: 'All causes', body: z.strictObject({ items: z.array(cause) }) } },
    handle: () => ({
      status: 200,
      body: { items: Object.entries(catalogue.causes()).map(([code, labels]) => ({ code, labels })) },
    }),
  });
}
