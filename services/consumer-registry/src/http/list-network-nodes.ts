import { decodeCursor, encodeCursor, endpoint, pageQuery } from '@bijli/service';
import { z } from 'zod';
import { networkKinds } from '../domain/network-node.ts';
import { listNetworkNodes } from '../store/network-nodes.ts';
import type { HttpContext } from './context.ts';
import { unreadableCursor } from './list-unmapped-connections.ts';
import { nodeBody, nodeCode, nodeView } from './node-view.ts';

/** Nodes as they hang now, by code. */
export function listNetworkNodesEndpoint({ db }: HttpContext) {
  return endpoint({
    method: 'get',
    path: '/v1/network-nodes',
    operationId: 'listNetworkNodes',
    summary: 'Nodes of the network, of a kind or on a parent',
    description: 'As the network hangs now, by code.',
    query: z.strictObject({
      ...pageQuery,
      kind: z.enum(networkKinds).optional().meta({ description: 'Nodes of this kind' }),
      parent: nodeCode.optional().meta({ description: 'Nodes that hang on this one' }),
    }),
    responses: {
      200: {
        description: 'A page',
        body: z.strictObject({ nodes: z.array(nodeBody), nextCursor: z.string().nullable() }),
      },
    },
    handle: async ({ query: { limit, cursor, kind = null, parent = null } }) => {
      const after = cursor === undefined ? [''] : decodeCursor(cursor, 1);
      if (after === null) return unreadableCursor();
      const nodes = await listNetworkNodes(db, { kind, parent, after: String(after[0]), limit });
      const latest = nodes.length === limit ? nodes.at(-1) : undefined;
      const nextCursor = latest === undefined ? null : encodeCursor([latest.code]);
      return { status: 200, body: { nodes: nodes.map(nodeView), nextCursor } };
    },
  });
}
