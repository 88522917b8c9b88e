import { type Endpoint, endpoint } from '@bijli/service';
import { behaviourSchema } from '../behaviour-schema.ts';
import type { HttpContext } from './context.ts';

/** Makes the endpoint that turns the knobs. What is left out goes back to good behaviour. */
export function putBehaviourEndpoint({ account }: HttpContext): Endpoint {
  return endpoint({
    method: 'put',
    path: '/v1/behaviour',
    operationId: 'putBehaviour',
    summary: 'Change how the SMSC behaves from now on; what is left out goes back to good behaviour',
    description: 'The whole of it: what is left out is as in a good SMSC.',
    body: behaviourSchema,
    examples: () => ({ body: { answerDelayMs: 5 } }),
    responses: { 200: { description: 'All knobs as they are now', body: behaviourSchema } },
    handle: ({ body }) => {
      account.behaviour = body;
      return { status: 200, body };
    },
  });
}
