import type { ComplaintEvent } from '@bijli/events';
import { answerOnce, type Once } from '@bijli/idempotency';
import type { Transaction } from '@bijli/postgres';
import { keyReused, type Reply } from '@bijli/service';
import { currentTraceId } from '@bijli/tracing';
import type { Complaint, ComplaintDecision } from '../domain/complaint.ts';
import type { Moment } from '../flows/save-decision.ts';
import { changedReply } from './complaint-view.ts';
import type { HttpContext } from './context.ts';
import { refusalReply } from './problems.ts';

/** What a decision comes to, and how its acceptance is answered: with the complaint, unless told. */
export type Decided = { readonly decision: ComplaintDecision; readonly reply?: (complaint: Complaint) => Reply };

/** Decides in one transaction, once per `Idempotency-Key`, and logs what happened once it is committed. */
export async function answerInTransaction(
  { db, log, clock }: HttpContext,
  once: Once,
  decideIn: (tx: Transaction, moment: Moment) => Promise<Decided>,
): Promise<Reply> {
  let happened: readonly ComplaintEvent[] = [];
  const answer = await answerOnce(db, once, async (tx) => {
    const { decision, reply = changedReply } = await decideIn(tx, { now: clock(), traceId: currentTraceId() });
    if (!decision.accepted) return { isKept: false, answer: refusalReply(decision.code) };
    happened = decision.events;
    return { isKept: true, answer: reply(decision.state) };
  });
  for (const { aggregateId: complaintId, eventId, type, version } of happened)
    log.info({ complaintId, eventId, type, version }, 'complaint event');
  return answer === 'key-reused' ? keyReused() : answer;
}
