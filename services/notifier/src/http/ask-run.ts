import { type Endpoint, endpoint, operatorText, problem } from '@bijli/service';
import { z } from 'zod';
import type { AskKind } from '../domain/run-ask.ts';
import { askRun } from '../store/runs/ask-run.ts';
import { findRuns } from '../store/runs/find-runs.ts';
import type { HttpContext } from './context.ts';
import { runBody, runReplies } from './run-reply.ts';

/** Words of what may be asked of a run. */
const WORDS: Readonly<Record<AskKind, { summary: string; description: string; refused: string; example: string }>> = {
  release: {
    summary: 'Ask for a held run to go out',
    description:
      'A run is held whose news came late, or whose audience is above CONFIRM_ABOVE. It goes out when another person confirms it. Who asked and who agreed is kept.',
    refused: 'The run is not held, or its release is asked already',
    example: 'still true, the crew says',
  },
  recall: {
    summary: 'Ask for what a run has not sent yet to be called back',
    description:
      'When another person confirms it, nothing more of the run leaves, within a second; what was told holds. Who asked and who agreed is kept.',
    refused: 'The run is over, or its recall is asked already',
    example: 'wrong feeder',
  },
};

/** Makes POST /v1/runs/{id}/release and POST /v1/runs/{id}/recall, by which somebody asks for what another person must confirm. */
export function askRunEndpoint({ db, log, standing }: HttpContext, kind: AskKind): Endpoint {
  const words = WORDS[kind];
  return endpoint({
    method: 'post',
    path: `/v1/runs/{id}/${kind}`,
    operationId: `${kind}Run`,
    summary: words.summary,
    description: words.description,
    params: z.strictObject({ id: z.uuid().meta({ description: 'Id of the run' }) }),
    body: z.strictObject({ askedBy: operatorText(80), reason: operatorText(200) }),
    examples: () => ({ body: { askedBy: 'control-room-2', reason: words.example } }),
    responses: {
      202: { description: 'The run; it waits for the confirmation', body: runBody },
      404: { description: 'No such run' },
      409: { description: words.refused },
    },
    handle: async ({ params, body }) => {
      const isAsked = await askRun(db, { runId: params.id, kind, ...body });
      const [run] = await runReplies(db, standing, await findRuns(db, { runId: params.id, limit: 1 }));
      if (run === undefined) return problem(404, 'no-such-run', 'There is no such run');
      if (!isAsked) return problem(409, `no-${kind}`, words.refused, { state: run.state, asked: run.asked });
      log.warn({ runId: params.id, ...body }, `${kind} of a run is asked`);
      return { status: 202, body: run };
    },
  });
}
