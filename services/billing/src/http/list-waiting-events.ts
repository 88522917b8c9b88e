import {
  decodeCursor,
  type Endpoint,
  encodeCursor,
  endpoint,
  instantText,
  invalidRequest,
  pageQuery,
} from '@bijli/service';
import { z } from 'zod';
import { waitingCodes } from '../domain/account.ts';
import { listWaitingEvents } from '../store/list-waiting-events.ts';
import type { StoredWaiting } from '../store/waiting-events.ts';
import type { HttpContext } from './context.ts';
import { postingType, traceId } from './entry-view.ts';
import { badCursor, isRowId } from './request-schemas.ts';

const waitingSchema = z
  .strictObject({
    eventId: z.uuid().meta({ description: 'Id at its source; for a request an id of our own' }),
    reason: z.string().meta({ description: 'What it waits for, or why it was refused when that came' }),
    accountNumber: z.string(),
    type: postingType,
    reference: z.string(),
    amountPaise: z.int().nullable(),
    issuedOn: z.string().nullable(),
    dueOn: z.string().nullable(),
    occurredAt: instantText,
    heardAt: instantText,
    traceId,
  })
  .meta({ id: 'WaitingEvent' });

/** GET /v1/waiting-events: what cannot be entered yet, in the order in which it was heard. */
export function listWaitingEventsEndpoint({ db }: Pick<HttpContext, 'db'>): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/waiting-events',
    operationId: 'listWaitingEvents',
    summary: 'Events kept apart because of what is not known yet, or not taken back yet',
    description: 'An event waits until what it refers to is known; an operator sees here what never came.',
    query: z.strictObject({
      reason: z
        .enum([...waitingCodes, 'reference-reused'])
        .optional()
        .meta({ description: 'Events that wait for this, or were refused by it' }),
      ...pageQuery,
    }),
    responses: {
      200: {
        description: 'A page',
        body: z.strictObject({ items: z.array(waitingSchema), nextCursor: z.string().nullable() }),
      },
    },
    handle: async ({ query: { reason = null, limit, cursor } }) => {
      const after = cursor === undefined ? '0' : readCursor(cursor);
      if (after === undefined) return invalidRequest([badCursor]);
      const found = await listWaitingEvents(db, { reason, after, limit: limit + 1 });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const nextCursor = found.length > limit && last !== undefined ? encodeCursor([last.id]) : null;
      return { status: 200, body: { items: items.map(waitingView), nextCursor } };
    },
  });
}

/** The id of the last one of the page before; undefined where the cursor is none of ours. */
function readCursor(cursor: string): string | undefined {
  const [id] = decodeCursor(cursor, 1) ?? [];
  return isRowId(id) ? id : undefined;
}

function waitingView({ eventId, reason, posting, heardAt, traceId }: StoredWaiting): z.input<typeof waitingSchema> {
  const { type, accountNumber, reference, amountPaise, issuedOn, dueOn, occurredAt } = posting;
  return {
    eventId,
    reason,
    accountNumber,
    type,
    reference,
    amountPaise,
    issuedOn,
    dueOn,
    occurredAt: occurredAt.toISOString(),
    heardAt: heardAt.toISOString(),
    traceId,
  };
}
