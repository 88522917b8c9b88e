import { type Endpoint, endpoint } from '@bijli/service';
import { z } from 'zod';
import type { HttpContext } from './context.ts';
import { enterOne } from './enter-one.ts';
import { entryResponses } from './entry-view.ts';
import { onceHeaders, referenceInPath, referenceParams, takingBackFields } from './request-schemas.ts';

/** POST /v1/bills/{reference}/cancellation: takes back a bill, as a whole. */
export function postCancellation(context: HttpContext): Endpoint {
  return endpoint({
    method: 'post',
    path: '/v1/bills/{reference}/cancellation',
    summary: 'Cancel a bill',
    params: referenceParams,
    headers: onceHeaders,
    body: z.strictObject(takingBackFields).meta({ id: 'Cancellation' }),
    responses: entryResponses,
    handle: ({ params, body, headers }) =>
      enterOne(context, {
        operation: 'post-cancellation',
        idempotencyKey: headers['idempotency-key'],
        posting: { type: 'BillCancelled', ...params, ...body },
        place: referenceInPath,
      }),
  });
}
