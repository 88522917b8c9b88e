import { Undone } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { currentTraceId, type Endpoint, endpoint } from '@bijli/service';
import { context as telemetry } from '@opentelemetry/api';
import { enterPostings } from '../flows/enter-postings.ts';
import { type Trace, traceOf } from '../flows/trace.ts';
import { answerInTransaction, type Done } from './answer-in-transaction.ts';
import { accountEvents, batchAnswer, batchQuery, MAX_BATCH_BYTES } from './batch-schemas.ts';
import { batchAnswerOf, refusalOfBatch } from './batch-view.ts';
import type { HttpContext } from './context.ts';
import { onceHeaders } from './request-schemas.ts';
import { type RequestedPosting, toldByRequest } from './told-by-request.ts';

/** POST /v1/account-events: enters many events of mixed kinds, all or none. */
export function postAccountEvents({ db, log, clock }: HttpContext): Endpoint {
  return endpoint({
    method: 'post',
    path: '/v1/account-events',
    summary: 'Enter 1 to 1,000 events of mixed kinds, all or none',
    query: batchQuery,
    headers: onceHeaders,
    body: accountEvents,
    maxBodyBytes: MAX_BATCH_BYTES,
    responses: { 200: { description: 'What became of each event', body: batchAnswer } },
    handle: ({ query: { dryRun }, body, headers }) => {
      const heardAt = clock();
      // A dry run answers for this moment: it is neither kept nor answered from what was kept.
      const idempotencyKey = dryRun ? undefined : headers['idempotency-key'];
      return answerInTransaction(
        { db, log },
        { operation: 'post-account-events', idempotencyKey, request: body },
        (tx) => enterBatch(tx, body.events, { dryRun, heardAt }),
      );
    },
  });
}

async function enterBatch(
  tx: Transaction,
  events: readonly RequestedPosting[],
  { dryRun, heardAt }: { readonly dryRun: boolean; readonly heardAt: Date },
): Promise<Done> {
  const trace = traceOfBatch(events.length);
  const decided = await enterPostings(
    tx,
    events.map((event) => toldByRequest(event, heardAt, trace)),
  );
  const refusal = refusalOfBatch(decided);
  if (refusal !== null) throw new Undone(refusal);
  const answer = batchAnswerOf(decided, dryRun);
  if (dryRun) throw new Undone({ status: 200, body: answer });
  return { reply: { status: 200, body: answer }, happened: [answer.counts] };
}

/** The journey of one event is told step by step; of a thousand nobody could read it, so each only knows its request. */
function traceOfBatch(events: number): Trace {
  return events === 1 ? traceOf(telemetry.active()) : { traceId: currentTraceId(), traceparent: null };
}
