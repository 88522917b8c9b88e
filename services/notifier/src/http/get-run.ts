import type { Database } from '@bijli/postgres';
import { endpoint, problem } from '@bijli/service';
import { z } from 'zod';
import { findRuns } from '../store/find-runs.ts';
import { runBody, runReply } from './run-reply.ts';

/** What became of one run: its state and its counts, which sum to the audience. */
export const getRun = (db: Database) =>
  endpoint({
    method: 'get',
    path: '/v1/runs/{id}',
    summary: 'One run with its counts',
    params: z.strictObject({ id: z.uuid() }),
    responses: { 200: { description: 'The run', body: runBody }, 404: { description: 'No such run' } },
    handle: async ({ params }) => {
      const [run] = await findRuns(db, { runId: params.id, limit: 1 });
      return run === undefined
        ? problem(404, 'no-such-run', 'There is no such run')
        : { status: 200, body: runReply(run) };
    },
  });
