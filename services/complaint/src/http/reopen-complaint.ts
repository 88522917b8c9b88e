import type { Endpoint } from '@bijli/service';
import { z } from 'zod';
import { reopenComplaint } from '../flows/change-complaint.ts';
import { changeEndpoint } from './change-endpoint.ts';
import type { HttpContext } from './context.ts';
import { accountNumber } from './request-schemas.ts';

/** POST /v1/complaints/{number}/reopening: the consumer says that it is not fixed, also within 7 days after it was closed. */
export function reopenComplaintEndpoint(context: HttpContext): Endpoint {
  return changeEndpoint(context, {
    step: 'reopening',
    operationId: 'reopenComplaint',
    summary: 'Open the complaint again, as its consumer',
    description:
      'Also within 7 days after it was closed. The consumer is known by an account number of the connection.',
    body: z.strictObject({ accountNumber }).meta({ id: 'Reopening' }),
    example: { accountNumber: '4100000005' },
    refusals: ['closed-too-long-ago', 'open-elsewhere'],
    decideIn: (tx, { number, body, change }, moment) =>
      reopenComplaint(tx, number, { type: 'reopen-complaint', ...change, ...body }, moment),
  });
}
