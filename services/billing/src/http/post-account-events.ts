import type { Transaction } from '@bijli/postgres';
import { type Endpoint, endpoint } from '@bijli/service';
import { currentTraceId } from '@bijli/tracing';
import { context as telemetry } from '@opentelemetry/api';
import { enterPostings } from '../flows/enter-postings.ts';
import { type Trace, traceOf } from '@bijli/tracing';
import { answerInTransaction, type Done } from './answer-in-transaction.ts';
import { accountEvents, batchAnswer, batchQuery, MAX_BATCH_BYTES } from './batch-schemas.ts';
import { batchAnswerOf, refusalOfBatch } from './batch-view.ts';
import type { HttpContext } from './context.ts';
import { exampleBill, examplePayment } from './examples.ts';
import { onceHeaders } from './request-schemas.ts';
import { type RequestedPosting, receivedByRequest } from './received-by-request.ts';

/** Makes POST /v1/account-events, which enters many events of mixed kinds, all or none. */
export function postAccountEventsEndpoint({ db, log, clock }: HttpContext): Endpoint {
  return endpoint({
    method: 'post',
    path: '/v1/account-events',
    operationId: 'enterAccountEvents',
    summary: 'Enter 1 to 1,000 events of mixed kinds, all or none',
    description:
      'All are entered or none. What refers to an account, a payment or a bill that is not known yet waits ' +
      'for it, which is no refusal. A dry run writes nothing and looks at no Idempotency-Key.',
    query: batchQuery,
    headers: onceHeaders,
    body: accountEvents,
    maxBodyBytes: MAX_BATCH_BYTES,
    examples: (now) => ({
      body: {
        events: [
          { type: 'BillGenerated', ...exampleBill(now, 'BATCH-BILL') },
          { type: 'PaymentReceived', ...examplePayment(now, 'BATCH-PAID') },
        ],
      },
    }),
    responses: {
      200: { description: 'What became of each event', body: batchAnswer },
      422: { description: '`events-refused`: nothing was entered; `errors` names every event that broke a rule' },
    },
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
    events.map((event) => receivedByRequest(event, heardAt, trace)),
  );
  const refusal = refusalOfBatch(decided);
  if (refusal !== null) return { isKept: false, reply: refusal };
  const answer = batchAnswerOf(decided, dryRun);
  const reply = { status: 200, body: answer };
  return dryRun ? { isKept: false, reply } : { isKept: true, reply, happened: [answer.counts] };
}

/** The journey of one event is told step by step; of a thousand nobody could read it, so each only knows its request. */
function traceOfBatch(events: number): Trace {
  return events === 1 ? traceOf(telemetry.active()) : { traceId: currentTraceId(), traceparent: null };
}
