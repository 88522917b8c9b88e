import { type Endpoint, endpoint } from '@bijli/service';
import { z } from 'zod';
import type { HttpContext } from './context.ts';
import { enterOne } from './enter-one.ts';
import { entryResponses } from './entry-view.ts';
import { exampleAccount, examplePayment } from './examples.ts';
import { refusedAs } from './problems.ts';
import { onceHeaders, paymentFields, referenceInPath, referenceParams, takingBackFields } from './request-schemas.ts';

/** Makes POST /v1/payments, which enters a payment, in part, in full or in advance. */
export function postPaymentEndpoint(context: HttpContext): Endpoint {
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

/** Makes POST /v1/payments/{reference}/reversal, which takes back a payment that bounced, as a whole. */
export function postReversalEndpoint(context: HttpContext): Endpoint {
  return endpoint({
    method: 'post',
    path: '/v1/payments/{reference}/reversal',
    operationId: 'reversePayment',
    summary: 'Reverse a payment, for example a cheque that bounced',
    description: 'The payment is taken back as a whole, and the consumer is told.',
    params: referenceParams,
    headers: onceHeaders,
    body: z.strictObject(takingBackFields).meta({ id: 'Reversal' }),
    examples: (now) => ({ params: { reference: examplePayment(now).reference }, body: exampleAccount }),
    responses: {
      ...entryResponses,
      ...refusedAs(
        'unknown-account',
        'unknown-payment',
        'reference-reused',
        'already-reversed',
        'occurred-in-the-future',
        'occurred-too-long-ago',
      ),
    },
    handle: ({ params, body, headers }) =>
      enterOne(context, {
        operation: 'post-reversal',
        idempotencyKey: headers['idempotency-key'],
        posting: { type: 'PaymentReversed', ...params, ...body },
        place: referenceInPath,
      }),
  });
}
