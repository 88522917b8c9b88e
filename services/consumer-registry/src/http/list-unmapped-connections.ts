import { decodeCursor, encodeCursor, endpoint, invalidRequest, pageQuery } from '@bijli/service';
import { z } from 'zod';
import { listUnmappedConnections } from '../store/list-unmapped-connections.ts';
import type { HttpContext } from './context.ts';

const unmappedBody = z.strictObject({
  accountNumber: z.string(),
  category: z.string(),
  state: z.string(),
  localityEn: z.string(),
  localityHi: z.string(),
});

/** Connections that hang on no node: no outage reaches them until somebody maps them. */
export function listUnmappedConnectionsEndpoint({ db }: HttpContext) {
  return endpoint({
    method: 'get',
    path: '/v1/unmapped-connections',
    operationId: 'listUnmappedConnections',
    summary: 'Connections without a node, by account number',
    description: 'No outage reaches these connections until somebody gives them a node.',
    query: z.strictObject(pageQuery),
    responses: {
      200: {
        description: 'A page',
        body: z.strictObject({ connections: z.array(unmappedBody), nextCursor: z.string().nullable() }),
      },
    },
    handle: async ({ query: { limit, cursor } }) => {
      const after = cursor === undefined ? [''] : decodeCursor(cursor, 1);
      if (after === null) return unreadableCursor();
      const connections = await listUnmappedConnections(db, { after: String(after[0]), limit });
      const latest = connections.length === limit ? connections.at(-1) : undefined;
      const nextCursor = latest === undefined ? null : encodeCursor([latest.accountNumber]);
      return { status: 200, body: { connections, nextCursor } };
    },
  });
}

/** The answer to a cursor that is none of ours. */
export function unreadableCursor() {
  return invalidRequest([{ field: '/query/cursor', rule: 'format', detail: 'Use the nextCursor of the page before' }]);
}
