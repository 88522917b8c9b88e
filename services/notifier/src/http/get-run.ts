import { type Endpoint, endpoint, problem } from '@bijli/service';
import { z } from 'zod';
import { findRuns } from '../store/runs/find-runs.ts';
import type { HttpContext } from './context.ts';
import { runBody, runReplies } from './run-reply.ts';

/** Makes GET /v1/runs/{id}: what became of one run, its state and its counts, which sum to the audience. */
export function getRunEndpoint({ db, standing }: HttpContext): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/runs/{id}',
    operationId: 'getRun',
    summary: 'One run with its counts',
    description: 'A run is everything that is told because of one event. Its counts sum to its audience.',
    params: z.strictObject({ id: z.uuid().meta({ description: 'Id of the run' }) }),
    responses: { 200: { description: 'The run', body: runBody }, 404: { description: 'No such run' } },
    handle: async ({ params }) => {
      const [run] = await runReplies(db, standing, await findRuns(db, { runId: params.id, limit: 1 }));
      return run === undefined ? problem(404, 'no-such-run', 'There is no such run') : { status: 200, body: run };
    },
  });
}
