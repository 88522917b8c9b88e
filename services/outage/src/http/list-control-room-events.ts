import { decodeCursor, type Endpoint, encodeCursor, endpoint, invalidRequest, pageQuery } from '@bijli/service';
import { z } from 'zod';
import { listControlRoomEvents, type Position } from '../store/control-room-events.ts';
import type { HttpContext } from './context.ts';
import { heardEvent, heardEventSchema } from './control-room-event-view.ts';

/** GET /v1/control-room-events: what became of what the control room said, the latest first. */
export function listControlRoomEventsEndpoint({ db }: Pick<HttpContext, 'db'>): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/control-room-events',
    operationId: 'listControlRoomEvents',
    summary: 'What became of the events of the control room, the latest first',
    description:
      'What the control room sent over Kafka: taken, or refused by field and rule. A refused event is a ' +
      'dead letter that an operator may replay.',
    query: z.strictObject({
      sourceId: z.string().min(1).max(255).optional().meta({ description: "The control room's own id of an outage" }),
      outcome: z.enum(['taken', 'unchanged', 'refused']).optional().meta({ description: 'Events that came to this' }),
      ...pageQuery,
    }),
    responses: {
      200: {
        description: 'A page',
        body: z.strictObject({ items: z.array(heardEventSchema), nextCursor: z.string().nullable() }),
      },
    },
    handle: async ({ query: { sourceId = null, outcome = null, limit, cursor } }) => {
      const before = cursor === undefined ? null : readCursor(cursor);
      if (before === undefined)
        return invalidRequest([
          { field: '/query/cursor', rule: 'cursor', detail: 'Use the nextCursor of the page before' },
        ]);
      const found = await listControlRoomEvents(db, { sourceId, outcome, before, limit: limit + 1 });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const nextCursor =
        found.length > limit && last !== undefined ? encodeCursor([last.position.at, last.position.id]) : null;
      return { status: 200, body: { items: items.map(heardEvent), nextCursor } };
    },
  });
}

/** The place of the last row of the page before; undefined where the cursor is none of ours. */
function readCursor(cursor: string): Position | undefined {
  const [at, id] = decodeCursor(cursor, 2) ?? [];
  return typeof at === 'string' && /^\d{1,18}$/.test(at) && typeof id === 'string' ? { at, id } : undefined;
}
