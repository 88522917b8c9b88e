import { withTransaction } from '@bijli/postgres';
import { type Endpoint, endpoint, operatorText, problem } from '@bijli/service';
import { z } from 'zod';
import type { AskKind } from '../domain/run-ask.ts';
import { confirmAsk, type Confirmed } from '../store/runs/confirm-ask.ts';
import { findRuns } from '../store/runs/find-runs.ts';
import type { HttpContext } from './context.ts';
import { runBody, runReplies } from './run-reply.ts';

const REFUSED: Readonly<Record<Exclude<Confirmed, 'done'>, string>> = {
  'not-asked': 'Nobody asked for it',
  'same-person': 'Another person than the one who asked has to confirm it',
  over: 'The run is over, or another way by now',
};

/** Makes POST /v1/runs/{id}/release/confirmation and its like for a recall: another person than the one who asked agrees, and it is done. */
export function confirmRunEndpoint({ db, log, standing, wake }: HttpContext, kind: AskKind): Endpoint {
  return endpoint({
    method: 'post',
    path: `/v1/runs/{id}/${kind}/confirmation`,
    operationId: `confirm${kind === 'release' ? 'Release' : 'Recall'}`,
    summary: `Confirm the ${kind} of a run`,
    description:
      'Somebody else than the one who asked agrees, and it is done. Names count without case, spaces and marks until there is sign-in.',
    params: z.strictObject({ id: z.uuid().meta({ description: 'Id of the run' }) }),
    body: z.strictObject({ confirmedBy: operatorText(80) }),
    examples: () => ({ body: { confirmedBy: 'executive-engineer-1' } }),
    responses: {
      200: { description: 'The run', body: runBody },
      404: { description: 'No such run' },
      409: { description: 'Nobody asked, the same person asked, or the run is over' },
    },
    handle: async ({ params, body: { confirmedBy } }) => {
      const confirmed = await withTransaction(db, (tx) => confirmAsk(tx, { runId: params.id, kind, confirmedBy }));
      const [run] = await runReplies(db, standing, await findRuns(db, { runId: params.id, limit: 1 }));
      if (run === undefined) return problem(404, 'no-such-run', 'There is no such run');
      if (confirmed !== 'done') return problem(409, confirmed, REFUSED[confirmed], { state: run.state });
      log.warn({ runId: params.id, confirmedBy }, `${kind} of a run is confirmed`);
      wake();
      return { status: 200, body: run };
    },
  });
}
