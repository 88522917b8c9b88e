import { type Endpoint, endpoint, instant, instantText } from '@bijli/service';
import { z } from 'zod';
import { type HandsetMessage, textOf } from '../handsets/message-store.ts';
import type { HttpContext } from './context.ts';

const MOST_MESSAGES = 1_000;
const USUAL_MESSAGES = 100;

const HANDSET = /^(\+?91)?[0-9]{10}$/;

/** A mobile number as people write it here; the store has them with 91 and no sign. */
const handset = z
  .string()
  .regex(HANDSET, 'Write ten digits, with +91 or 91 before them or not')
  .transform((text) => `91${text.slice(-10)}`)
  .meta({
    type: 'string',
    pattern: HANDSET.source,
    description: 'Texts of this mobile number; in a query the + is written %2B',
  });

const message = z.object({
  to: z.string(),
  from: z.string(),
  text: z.string(),
  coding: z.enum(['gsm-7', 'ucs-2', 'other']),
  parts: z.int(),
  isComplete: z.boolean(),
  receivedAt: instantText,
  state: z.enum(['accepted', 'delivered', 'failed', 'unanswered']),
  error: z.string().nullable(),
  messageIds: z.array(z.string()),
  entityId: z.string(),
  templateId: z.string(),
});

const query = z.strictObject({
  to: handset.optional(),
  since: instant.optional().meta({ description: 'Texts that came at this instant or later' }),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, `Write a whole number from 1 to ${MOST_MESSAGES}`)
    .transform(Number)
    .refine((count) => count <= MOST_MESSAGES, { error: `At most ${MOST_MESSAGES}`, params: { rule: 'maximum' } })
    .meta({
      type: 'integer',
      minimum: 1,
      maximum: MOST_MESSAGES,
      default: USUAL_MESSAGES,
      description: 'Most messages of the answer',
    })
    .default(USUAL_MESSAGES),
});

/** Makes the list of what the handsets show, newest first; the simulator is the handset, so numbers are shown. */
export function listMessagesEndpoint({ account }: HttpContext): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/messages',
    operationId: 'listMessages',
    summary: 'What the handsets show, newest first (of the latest 10,000)',
    description: 'The simulator is the handset, so numbers and texts are shown.',
    query,
    responses: { 200: { description: 'The messages', body: z.object({ messages: z.array(message) }) } },
    handle: ({ query: { to, since, limit } }) => {
      const messages: z.input<typeof message>[] = [];
      for (const each of account.store.newestFirst()) {
        if (messages.length === limit) break;
        if ((to === undefined || each.to === to) && (since === undefined || each.receivedAt >= since))
          messages.push(reply(each));
      }
      return { status: 200, body: { messages } };
    },
  });
}

const codings = new Map([
  [0, 'gsm-7'],
  [8, 'ucs-2'],
]);

function reply(each: HandsetMessage): z.input<typeof message> {
  const { to, from, receivedAt, state, error, messageIds, entityId, templateId } = each;
  return {
    to,
    from,
    text: textOf(each),
    coding: (codings.get(each.dataCoding) ?? 'other') as 'gsm-7' | 'ucs-2' | 'other',
    parts: each.parts.length,
    isComplete: !each.parts.includes(undefined),
    receivedAt: receivedAt.toISOString(),
    state,
    error,
    messageIds,
    entityId,
    templateId,
  };
}
