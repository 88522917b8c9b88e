import { type Endpoint, endpoint } from '@bijli/service';
import { z } from 'zod';
import type { HttpContext } from './context.ts';
import { enterOne } from './enter-one.ts';
import { entryResponses } from './entry-view.ts';
import { exampleBill } from './examples.ts';
import { refusedAs } from './problems.ts';
import { billFields, onceHeaders } from './request-schemas.ts';

/** POST /v1/bills: enters a bill. */
export function postBill(context: HttpContext): Endpoint {
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
