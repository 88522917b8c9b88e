import { type Endpoint, endpoint } from '@bijli/service';
import { behaviourSchema } from '../behaviour-schema.ts';
import type { HttpContext } from './context.ts';

/** Makes the endpoint that tells the knobs. */
export function getBehaviourEndpoint({ account }: HttpContext): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/behaviour',
    operationId: 'getBehaviour',
    summary: 'How the SMSC behaves',
    description: 'Delays, rates of failure and odd habits, each as it is now.',
    responses: { 200: { description: 'All knobs', body: behaviourSchema } },
    handle: () => ({ status: 200, body: account.behaviour }),
  });
}
