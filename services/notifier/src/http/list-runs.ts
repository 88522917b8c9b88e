import { decodeCursor, type Endpoint, encodeCursor, endpoint, invalidRequest, pageQuery } from '@bijli/service';
import { isUuid } from '@bijli/units';
import { z } from 'zod';
import { findRuns, type RunFilter } from '../store/runs/find-runs.ts';
import type { HttpContext } from './context.ts';
import { runBody, runReplies } from './run-reply.ts';

/** Makes GET /v1/runs: runs, newest first, of one outage, of one kind, or in one state. */
export function listRunsEndpoint({ db, standing }: HttpContext): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/runs',
    operationId: 'listRuns',
    summary: 'Runs, newest first',
    description: 'Filters are combined: each that is given must be met.',
    query: z.strictObject({
      ...pageQuery,
      outageId: z.uuid().optional().meta({ description: 'Runs of this outage' }),
      kind: runBody.shape.kind.optional().meta({ description: 'Runs of this kind of news' }),
      state: runBody.shape.state.optional().meta({ description: 'Runs in this state' }),
    }),
    responses: {
      200: {
        description: 'A page of runs',
        body: z.strictObject({ runs: z.array(runBody), nextCursor: z.string().nullable() }),
      },
    },
    handle: async ({ query }) => {
      const after = query.cursor === undefined ? null : String(decodeCursor(query.cursor, 1)?.[0]);
      if (after !== null && !isUuid(after))
        return invalidRequest([
          { field: '/query/cursor', rule: 'format', detail: 'Use the nextCursor of the page before' },
        ]);
      const runs = await findRuns(db, filterOf(query, after));
      const latest = runs.at(-1);
      const hasMore = runs.length === query.limit && latest !== undefined;
      return {
        status: 200,
        body: { runs: await runReplies(db, standing, runs), nextCursor: hasMore ? encodeCursor([latest.runId]) : null },
      };
    },
  });
}

function filterOf(
  query: { limit: number; outageId?: string | undefined; kind?: string | undefined; state?: string | undefined },
  beforeRunId: string | null,
): RunFilter {
  return {
    limit: query.limit,
    ...(query.outageId === undefined ? {} : { threadId: `outage:${query.outageId}` }),
    ...(query.kind === undefined ? {} : { kind: query.kind }),
    ...(query.state === undefined ? {} : { state: query.state }),
    ...(beforeRunId === null ? {} : { beforeRunId }),
  };
}
