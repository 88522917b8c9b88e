import type { OutageEvent } from '@bijli/events';
import { answerOnce, type Once } from '@bijli/idempotency';
import type { Transaction } from '@bijli/postgres';
import { keyReused, type Reply } from '@bijli/service';
import type { OutageDecision } from '../domain/outage.ts';
import type { HttpContext } from './context.ts';
import { changedOutageReply } from './outage-view.ts';
import { type Named, refusalReply } from './problems.ts';

/** What a decision comes to: the status of its acceptance, and how a refusal names things. */
export type Decided = Named & { readonly decision: OutageDecision; readonly status: 200 | 201 };

/** Decides in one transaction, once per `Idempotency-Key`, and logs what happened once it is committed. */
export async function answerInTransaction(
  { db, log }: HttpContext,
  once: Once,
  decideIn: (tx: Transaction) => Promise<Decided>,
): Promise<Reply> {
  let happened: readonly OutageEvent[] = [];
  const answer = await answerOnce(db, once, async (tx) => {
    const decided = await decideIn(tx);
    const { decision, status } = decided;
    if (!decision.accepted) return { isKept: false, answer: refusalReply(decision.code, decided) };
    happened = decision.events;
    return { isKept: true, answer: changedOutageReply(status, decision.state, happened.length > 0) };
  });
  for (const { aggregateId: outageId, eventId, type, version } of happened)
    log.info({ outageId, eventId, type, version }, 'outage event');
  return answer === 'key-reused' ? keyReused() : answer;
}
