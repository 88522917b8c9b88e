import { endpoint, instant, problem, versionTag } from '@bijli/service';
import { z } from 'zod';
import { findNetworkNode } from '../store/network-nodes.ts';
import type { HttpContext } from './context.ts';
import { nodeBody, nodeCode, nodeView } from './node-view.ts';

/** One node as it hangs now, or as it hung at an instant. */
export function getNetworkNodeEndpoint({ db, clock }: HttpContext) {
  return endpoint({
    method: 'get',
    path: '/v1/network-nodes/{code}',
    operationId: 'getNetworkNode',
    summary: 'One node of the network, now or as of an instant',
    description: 'The network is dated: `asOf` asks where the node hung at that instant.',
    params: z.strictObject({ code: nodeCode }),
    query: z.strictObject({
      asOf: instant.optional().meta({ description: 'The instant that is asked about; now where absent' }),
    }),
    responses: { 200: { description: 'The node', body: nodeBody }, 404: { description: 'No such node then' } },
    handle: async ({ params, query }) => {
      const node = await findNetworkNode(db, params.code, query.asOf ?? clock());
      if (node === null) return problem(404, 'node-unknown', 'There is no such node');
      return { status: 200, headers: { etag: versionTag(node.version) }, body: nodeView(node) };
    },
  });
}
