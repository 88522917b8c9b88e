import { type Endpoint, endpoint, operatorText, problem } from '@bijli/service';
import { z } from 'zod';
import { findRuns } from '../store/runs/find-runs.ts';
import { releaseRun } from '../store/runs/release-run.ts';
import type { HttpContext } from './context.ts';
import { runBody, runReplies } from './run-reply.ts';

/** Makes POST /v1/runs/{id}/release, by which an operator lets a run go out that was held because its news came late. */
export function releaseRunEndpoint({ db, standing, wake }: HttpContext): Endpoint {
  return endpoint({
    method: 'post',
    path: '/v1/runs/{id}/release',
    operationId: 'releaseRun',
    summary: 'Let a held run go out',
    description: 'A run whose news came late is held until somebody lets it go out. Who did is written down.',
    params: z.strictObject({ id: z.uuid().meta({ description: 'Id of the run' }) }),
    body: z.strictObject({ releasedBy: operatorText(80) }),
    examples: () => ({ body: { releasedBy: 'control-room-2' } }),
    responses: {
      200: { description: 'The run', body: runBody },
      404: { description: 'No such run' },
      409: { description: 'The run is not held' },
    },
    handle: async ({ params, body }) => {
      const wasHeld = await releaseRun(db, params.id, body.releasedBy);
      const [run] = await runReplies(db, standing, await findRuns(db, { runId: params.id, limit: 1 }));
      if (run === undefined) return problem(404, 'no-such-run', 'There is no such run');
      if (!wasHeld) return problem(409, 'not-held', 'The run is not held', { state: run.state });
      wake();
      return { status: 200, body: run };
    },
  });
}
