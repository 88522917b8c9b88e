import { type Endpoint, endpoint } from '@bijli/service';
import { z } from 'zod';
import type { HttpContext } from './context.ts';
import { enterOne } from './enter-one.ts';
import { entryResponses } from './entry-view.ts';
import { exampleAccount, exampleBill } from './examples.ts';
import { refusedAs } from './problems.ts';
import { onceHeaders, referenceInPath, referenceParams, takingBackFields } from './request-schemas.ts';

/** POST /v1/bills/{reference}/cancellation: takes back a bill, as a whole. */
export function postCancellation(context: HttpContext): Endpoint {
  return endpoint({
    method: 'post',
    path: '/v1/bills/{reference}/cancellation',
    operationId: 'cancelBill',
    summary: 'Cancel a bill',
    description: 'The bill is taken back as a whole, and the consumer is told.',
    params: referenceParams,
    headers: onceHeaders,
    body: z.strictObject(takingBackFields).meta({ id: 'Cancellation' }),
    examples: (now) => ({ params: { reference: exampleBill(now).reference }, body: exampleAccount }),
    responses: {
      ...entryResponses,
      ...refusedAs(
        'unknown-account',
        'unknown-bill',
        'reference-reused',
        'already-cancelled',
        'occurred-in-the-future',
        'occurred-too-long-ago',
      ),
    },
    handle: ({ params, body, headers }) =>
      enterOne(context, {
        operation: 'post-cancellation',
        idempotencyKey: headers['idempotency-key'],
        posting: { type: 'BillCancelled', ...params, ...body },
        place: referenceInPath,
      }),
  });
}
