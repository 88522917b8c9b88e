import { type Endpoint, endpoint } from '@bijli/service';
import { z } from 'zod';
import type { HttpContext } from './context.ts';
import { enterOne } from './enter-one.ts';
import { entryResponses } from './entry-view.ts';
import { onceHeaders, paymentFields } from './request-schemas.ts';

/** POST /v1/payments: enters a payment, in part, in full or in advance. */
export function postPayment(context: HttpContext): Endpoint {
  return endpoint({
    method: 'post',
    path: '/v1/payments',
    summary: 'Enter a payment into the ledger of its account',
    headers: onceHeaders,
    body: z.strictObject(paymentFields).meta({ id: 'Payment' }),
    responses: entryResponses,
    handle: ({ body, headers }) =>
      enterOne(context, {
        operation: 'post-payment',
        idempotencyKey: headers['idempotency-key'],
        posting: { type: 'PaymentReceived', ...body },
        place: { at: '/body' },
      }),
  });
}
