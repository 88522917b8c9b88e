import { type Endpoint, endpoint } from '@bijli/service';
import { getHistory } from '../store/get-history.ts';
import type { HttpContext } from './context.ts';
import { historyReply, historySchema } from './history-view.ts';
import { refusalReply, refusedAs } from './problems.ts';
import { complaintParams } from './request-schemas.ts';

/** GET /v1/complaints/{number}/history: what happened to a complaint, in which traces, and on what each closing stands. */
export function getHistoryEndpoint({ db }: Pick<HttpContext, 'db'>): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/complaints/{number}/history',
    operationId: 'getComplaintHistory',
    summary: 'What happened to a complaint, with the trace of each event',
    description:
      'Every event in its order, and what each closing stands on: the answer of the consumer, or the time ' +
      'that ran out.',
    params: complaintParams,
    responses: { 200: { description: 'Its history', body: historySchema }, ...refusedAs('no-such-complaint') },
    handle: async ({ params: { number } }) => {
      const history = await getHistory(db, number);
      return history === null ? refusalReply('no-such-complaint') : historyReply(number, history);
    },
  });
}
