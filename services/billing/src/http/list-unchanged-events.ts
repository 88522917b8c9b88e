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
import { listUnchanged, type StoredUnchanged } from '../store/unchanged-events.ts';
import type { HttpContext } from './context.ts';
import { postingType, traceId } from './entry-view.ts';
import { badCursor, isRowId, reference } from './request-schemas.ts';

const unchangedSchema = z
  .strictObject({
    eventId: z.uuid().meta({ description: 'The eventId that the billing system gave it' }),
    accountNumber: z.string().nullable().meta({ description: 'Today’s number; null when the connection is erased' }),
    type: postingType,
    reference: z.string(),
    heardAt: instantText,
    traceId,
  })
  .meta({ id: 'UnchangedEvent' });

/** GET /v1/unchanged-events: what the billing system sent and what was so before, the latest first; of the last 7 days. */
export function listUnchangedEventsEndpoint({ db }: Pick<HttpContext, 'db'>): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/unchanged-events',
    operationId: 'listUnchangedEvents',
    summary: 'Events of the billing system that changed nothing, the latest first, of 7 days',
    description: 'What they say was so before: no entry came of them, and nobody was told anything.',
    query: z.strictObject({ reference: reference.optional(), ...pageQuery }),
    responses: {
      200: {
        description: 'A page',
        body: z.strictObject({ items: z.array(unchangedSchema), nextCursor: z.string().nullable() }),
      },
    },
    handle: async ({ query: { reference: sought = null, limit, cursor } }) => {
      const before = cursor === undefined ? null : readCursor(cursor);
      if (before === undefined) return invalidRequest([badCursor]);
      const found = await listUnchanged(db, { reference: sought, before, limit: limit + 1 });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const nextCursor = found.length > limit && last !== undefined ? encodeCursor([last.id]) : null;
      return { status: 200, body: { items: items.map(unchangedView), nextCursor } };
    },
  });
}

/** The id of the last one of the page before; undefined where the cursor is none of ours. */
function readCursor(cursor: string): string | undefined {
  const [id] = decodeCursor(cursor, 1) ?? [];
  return isRowId(id) ? id : undefined;
}

function unchangedView({ id: _ours, heardAt, ...event }: StoredUnchanged): z.input<typeof unchangedSchema> {
  return { ...event, heardAt: heardAt.toISOString() };
}
