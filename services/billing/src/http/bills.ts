import { type Endpoint, endpoint } from '@bijli/service';
import { z } from 'zod';
import type { HttpContext } from './context.ts';
import { enterOne } from './enter-one.ts';
import { entryResponses } from './entry-view.ts';
import { exampleAccount, exampleBill } from './examples.ts';
import { refusedAs } from './problems.ts';
import { billFields, onceHeaders, referenceInPath, referenceParams, takingBackFields } from './request-schemas.ts';

/** Makes POST /v1/bills, which enters a bill. */
export function postBillEndpoint(context: HttpContext): Endpoint {
  return endpoint({
    method: 'post',
    path: '/v1/bills',
    operationId: 'enterBill',
    summary: 'Enter a bill into the ledger of its account',
    description:
      'The consumer is told of it. The number of a bill is its own on its account: the same bill again ' +
      'changes nothing (200), another bill under the number is refused.',
    headers: onceHeaders,
    body: z.strictObject(billFields).meta({ id: 'Bill' }),
    examples: (now) => ({ body: exampleBill(now) }),
    responses: {
      ...entryResponses,
      ...refusedAs(
        'unknown-account',
        'reference-reused',
        'issued-in-the-future',
        'issued-too-long-ago',
        'before-issue',
        'due-too-late',
        'occurred-in-the-future',
        'occurred-too-long-ago',
      ),
    },
    handle: ({ body, headers }) =>
      enterOne(context, {
        operation: 'post-bill',
        idempotencyKey: headers['idempotency-key'],
        posting: { type: 'BillGenerated', ...body },
        place: { at: '/body' },
      }),
  });
}

/** Makes POST /v1/bills/{reference}/cancellation, which takes back a bill, as a whole. */
export function postCancellationEndpoint(context: HttpContext): Endpoint {
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
