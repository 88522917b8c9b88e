import { type Endpoint, endpoint, instantText } from '@bijli/service';
import { z } from 'zod';
import { findPersonalMessages } from '../store/personal/find-personal-messages.ts';
import type { HttpContext } from './context.ts';

const message = z.strictObject({
  runId: z.uuid(),
  subject: z.string(),
  reference: z.string(),
  contactNo: z.int(),
  language: z.string(),
  fate: z.enum(['carrier', 'coalesced', 'skipped']),
  reason: z.string().nullable(),
  outcome: z.string().nullable(),
  plannedAt: instantText,
  traceId: z.string().nullable(),
});

/** Most messages of one answer. */
const MOST = 200;

/** Makes GET /v1/messages: what the contacts of a connection were told of a bill, a payment or a complaint, or why not. */
export function listMessagesEndpoint({ db }: Pick<HttpContext, 'db'>): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/messages',
    operationId: 'listMessages',
    summary: 'What a connection was told of its bills, payments and complaints, newest first, 200 at most',
    description: 'Personal texts only: bills, payments and complaints. No text and no mobile number is in the answer.',
    query: z.strictObject({
      connectionId: z.uuid().meta({ description: 'Id of the connection, as the registry and billing answer it' }),
      reference: z
        .string()
        .max(60)
        .optional()
        .meta({ description: 'Number of the bill, payment or complaint that it is about' }),
    }),
    responses: { 200: { description: 'The messages', body: z.strictObject({ messages: z.array(message) }) } },
    handle: async ({ query: { connectionId, reference = null } }) => {
      const found = await findPersonalMessages(db, { connectionId, reference, limit: MOST });
      return {
        status: 200,
        body: {
          messages: found.map(({ traceparent, plannedAt, ...rest }) => ({
            ...rest,
            fate: rest.fate as z.input<typeof message>['fate'],
            plannedAt: plannedAt.toISOString(),
            traceId: traceparent?.split('-')[1] ?? null,
          })),
        },
      };
    },
  });
}
