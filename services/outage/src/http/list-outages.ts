import { decodeCursor, type Endpoint, encodeCursor, endpoint, invalidRequest, pageQuery } from '@bijli/service';
import { isUuid } from '@bijli/units';
import { z } from 'zod';
import { addMinutes } from '../domain/limits.ts';
import { statuses } from '../domain/outage.ts';
import { listOutages } from '../store/list-outages.ts';
import type { HttpContext } from './context.ts';
import { listedOutage, listedOutageSchema } from './outage-view.ts';

/** GET /v1/outages: outages, the latest opened first. */
export function listOutagesEndpoint({ db, clock, alarmMinutes }: HttpContext): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/outages',
    operationId: 'listOutages',
    summary: 'Outages, the latest opened first',
    description:
      'Each with the number of its nodes; which nodes they are stands in the single outage. Drafts, and what nobody is told of for ' +
      'another reason, only where `status` asks for them.',
    query: z.strictObject({
      status: z.enum(statuses).optional().meta({ description: 'Outages in this state' }),
      estimate: z
        .enum(['expiring'])
        .optional()
        .meta({ description: 'Open outages whose return time has passed, or passes within minutes' }),
      ...pageQuery,
    }),
    responses: {
      200: {
        description: 'A page',
        body: z.strictObject({ items: z.array(listedOutageSchema), nextCursor: z.string().nullable() }),
      },
    },
    handle: async ({ query: { status = null, estimate, limit, cursor } }) => {
      const before = cursor === undefined ? null : readCursor(cursor);
      if (before === undefined)
        return invalidRequest([
          { field: '/query/cursor', rule: 'cursor', detail: 'Use the nextCursor of the page before' },
        ]);
      const expiresBy = estimate === undefined ? null : addMinutes(clock(), alarmMinutes);
      const found = await listOutages(db, { status, expiresBy, before, limit: limit + 1 });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const nextCursor = found.length > limit && last !== undefined ? encodeCursor([last.id]) : null;
      return { status: 200, body: { items: items.map(listedOutage), nextCursor } };
    },
  });
}

/** The id of the last outage of the page before; undefined where the cursor is none of ours. */
function readCursor(cursor: string): string | undefined {
  const [id] = decodeCursor(cursor, 1) ?? [];
  return typeof id === 'string' && isUuid(id) ? id : undefined;
}
