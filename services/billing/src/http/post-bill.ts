import { type Endpoint, endpoint } from '@bijli/service';
import { z } from 'zod';
import type { HttpContext } from './context.ts';
import { enterOne } from './enter-one.ts';
import { entryResponses } from './entry-view.ts';
import { billFields, onceHeaders } from './request-schemas.ts';

/** POST /v1/bills: enters a bill. */
export function postBill(context: HttpContext): Endpoint {
  return endpoint({
    method: 'post',
    path: '/v1/bills',
    summary: 'Enter a bill into the ledger of its account',
    headers: onceHeaders,
    body: z.strictObject(billFields).meta({ id: 'Bill' }),
    responses: entryResponses,
    handle: ({ body, headers }) =>
      enterOne(context, {
        operation: 'post-bill',
        idempotencyKey: headers['idempotency-key'],
        posting: { type: 'BillGenerated', ...body },
        place: { at: '/body' },
      }),
  });
}
