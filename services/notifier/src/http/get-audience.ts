import { type Endpoint, endpoint } from '@bijli/service';
import { z } from 'zod';
import { measureWholeAudience } from '../store/audience/measure-whole-audience.ts';
import type { HttpContext } from './context.ts';

const count = z.int().nonnegative();

/** Makes GET /v1/audience: how many connections and contacts the notifier has heard of, and how many of them it can reach. */
export function getAudienceEndpoint({ db }: Pick<HttpContext, 'db'>): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/audience',
    operationId: 'getAudience',
    summary: 'The audience, counted',
    description: 'How many connections and contacts the notifier has heard of, and how many of them it can reach.',
    responses: {
      200: {
        description: 'Counts',
        body: z.strictObject({ connections: count, contacts: count, reachable: count, nodes: count }),
      },
    },
    handle: async () => ({ status: 200, body: await measureWholeAudience(db) }),
  });
}
