import type { OutageEvent } from '@bijli/events';
import { answerOnce, type Once } from '@bijli/idempotency';
import type { Transaction } from '@bijli/postgres';
import { keyReused, type Reply } from '@bijli/service';
import { currentTraceId } from '@bijli/tracing';
import type { Moment, Saved } from '../flows/save-decision.ts';
import type { HttpContext } from './context.ts';
import { changedOutageReply } from './outage-view.ts';
import { type FieldFor, refusalReply } from './problems.ts';

/** What a decision comes to: the status of its acceptance, and how a refusal names fields. */
export type Decided = Saved & { readonly status: 200 | 201; readonly fieldFor?: FieldFor };

/** Decides in one transaction, once per `Idempotency-Key`, and logs what happened once it is committed. */
export async function answerInTransaction(
  { db, log, clock }: HttpContext,
  once: Once,
  decideIn: (tx: Transaction, moment: Moment) => Promise<Decided>,
): Promise<Reply> {
  let happened: readonly OutageEvent[] = [];
  const answer = await answerOnce(db, once, async (tx) => {
    const moment = { now: clock(), traceId: currentTraceId() };
    const { decision, isChanged, status, fieldFor } = await decideIn(tx, moment);
    if (!decision.accepted) return { isKept: false, answer: refusalReply(decision, fieldFor) };
    happened = decision.events;
    return { isKept: true, answer: changedOutageReply(status, decision.state, isChanged) };
  });
  for (const { aggregateId: outageId, eventId, type, version } of happened)
    log.info({ outageId, eventId, type, version }, 'outage event');
  return answer === 'key-reused' ? keyReused() : answer;
}
