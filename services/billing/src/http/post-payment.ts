import { type Endpoint, endpoint } from '@bijli/service';
import { z } from 'zod';
import type { HttpContext } from './context.ts';
import { enterOne } from './enter-one.ts';
import { entryResponses } from './entry-view.ts';
import { examplePayment } from './examples.ts';
import { refusedAs } from './problems.ts';
import { onceHeaders, paymentFields } from './request-schemas.ts';

/** POST /v1/payments: enters a payment, in part, in full or in advance. */
export function postPayment(context: HttpContext): Endpoint {
  return endpoint({
    method: 'post',
    path: '/v1/payments',
    operationId: 'enterPayment',
    summary: 'Enter a payment into the ledger of its account',
    description:
      'In part, in full or in advance; the consumer is told what is outstanding after it. The same payment ' +
      'again changes nothing (200).',
    headers: onceHeaders,
    body: z.strictObject(paymentFields).meta({ id: 'Payment' }),
    examples: (now) => ({ body: examplePayment(now) }),
    responses: {
      ...entryResponses,
      ...refusedAs('unknown-account', 'reference-reused', 'occurred-in-the-future', 'occurred-too-long-ago'),
    },
    handle: ({ body, headers }) =>
      enterOne(context, {
        operation: 'post-payment',
        idempotencyKey: headers['idempotency-key'],
        posting: { type: 'PaymentReceived', ...body },
        place: { at: '/body' },
      }),
  });
}
