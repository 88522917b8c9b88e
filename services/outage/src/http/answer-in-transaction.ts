import type { OutageEvent } from '@bijli/events';
import { type Answer, answerOnce } from '@bijli/outbox';
import { type Transaction, withTransaction } from '@bijli/postgres';
import { problem, type Reply } from '@bijli/service';
import type { OutageDecision } from '../domain/outage.ts';
import type { HttpContext } from './context.ts';
import { outageReply } from './outage-view.ts';
import { type Named, refusalReply } from './problems.ts';

/** Which answer is meant by an `Idempotency-Key`; `request` is what must be equal for a repeat. */
export type Once = {
  readonly operation: string;
  readonly idempotencyKey: string | undefined;
  readonly request: unknown;
};
/** What a decision comes to: the status of its acceptance, and how a refusal names things. */
export type Decided = Named & { readonly decision: OutageDecision; readonly status: 200 | 201 };

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
 * committed. A refusal is not kept: what is refused now (a node not known yet) may be accepted under the same key later.
 */
export async function answerInTransaction(
  { db, log }: HttpContext,
  once: Once,
  decideIn: (tx: Transaction) => Promise<Decided>,
): Promise<Reply> {
  let happened: readonly OutageEvent[] = [];
  const work = async (tx: Transaction): Promise<Answer> => {
    const decided = await decideIn(tx);
    if (!decided.decision.accepted) throw new Refused(refusalReply(decided.decision.code, decided));
    happened = decided.decision.events;
    return answerOf(outageReply(decided.status, decided.decision.state));
  };
  try {
    const answer = await withTransaction(db, (tx) => answerOnce(tx, once, () => work(tx)));
    for (const { aggregateId: outageId, eventId, type, version } of happened)
      log.info({ outageId, eventId, type, version }, 'outage event');
    return answer === 'key-reused'
      ? problem(422, 'key-reused', 'This Idempotency-Key was used with another request', { errors: [KEY_REUSED] })
      : answer;
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    throw error;
  }
}

function answerOf({ status, body, headers = {} }: Reply): Answer {
  return { status, body, headers };
}
