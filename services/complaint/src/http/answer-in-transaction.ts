import type { ComplaintEvent } from '@bijli/events';
import { type Answer, answerOnce } from '@bijli/outbox';
import { type Transaction, withTransaction } from '@bijli/postgres';
import { currentTraceId, problem, type Reply } from '@bijli/service';
import type { Complaint, ComplaintDecision } from '../domain/complaint.ts';
import type { Moment } from '../flows/save-decision.ts';
import { complaintReply } from './complaint-view.ts';
import type { HttpContext } from './context.ts';
import { refusalReply } from './problems.ts';

/** Which answer is meant by an `Idempotency-Key`; `request` is what must be equal for a repeat. */
export type Once = {
  readonly operation: string;
  readonly idempotencyKey: string | undefined;
  readonly request: unknown;
};
/** What a decision comes to, and how its acceptance is answered: with the complaint, unless told. */
export type Decided = { readonly decision: ComplaintDecision; readonly reply?: (complaint: Complaint) => Reply };

/** Carries a refusal out of a transaction that must not commit. */
class Refused extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super('refused');
    this.reply = reply;
  }
}

const KEY_REUSED = {
  field: '/headers/idempotency-key',
  rule: 'key-reused',
  detail: 'Use a new key for another request',
} as const;

/**
 * This function will decide in one transaction, answer a repeat of the request with the first answer, and log what happened once it is
 * committed. A refusal is not kept: what is refused now (an account not known yet) may be accepted under the same key later.
 */
export async function answerInTransaction(
  { db, log, clock }: HttpContext,
  once: Once,
  decideIn: (tx: Transaction, moment: Moment) => Promise<Decided>,
): Promise<Reply> {
  let happened: readonly ComplaintEvent[] = [];
  const work = async (tx: Transaction): Promise<Answer> => {
    const { decision, reply = complaintReply } = await decideIn(tx, { now: clock(), traceId: currentTraceId() });
    if (!decision.accepted) throw new Refused(refusalReply(decision.code));
    happened = decision.events;
    const { status, body, headers = {} } = reply(decision.state);
    return { status, body, headers };
  };
  try {
    const answer = await withTransaction(db, (tx) => answerOnce(tx, once, () => work(tx)));
    for (const { aggregateId: complaintId, eventId, type, version } of happened)
      log.info({ complaintId, eventId, type, version }, 'complaint event');
    return answer === 'key-reused'
      ? problem(422, 'key-reused', 'This Idempotency-Key was used with another request', { errors: [KEY_REUSED] })
      : answer;
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    throw error;
  }
}
