import type { Transaction } from '@bijli/postgres';
import type { Reply } from '@bijli/service';
import { context as telemetry } from '@opentelemetry/api';
import type { AccountDecision, RejectionCode } from '../domain/account.ts';
import { enterPostings } from '../flows/enter-postings.ts';
import type { Decided, ReceivedPosting } from '../flows/received-posting.ts';
import { traceOf } from '@bijli/tracing';
import { findEntry } from '../store/list-entries.ts';
import { answerInTransaction, type Done } from './answer-in-transaction.ts';
import type { HttpContext } from './context.ts';
import { entryView } from './entry-view.ts';
import { type Place, refusalReply } from './problems.ts';
import { type RequestedPosting, receivedByRequest } from './received-by-request.ts';

/** One posting by itself: what it says, and where its fields stand in the request. */
export type One = {
  readonly operation: string;
  readonly idempotencyKey: string | undefined;
  readonly posting: RequestedPosting;
  readonly place: Place;
};

/**
 * Enters one posting: 201 with its entry, 200 with that of before where it is a repeat (`isChanged` says so too), or a problem. Nothing
 * waits here: the caller hears at once that there is no such account, payment or bill.
 */
export function enterOne({ db, log, clock }: HttpContext, one: One): Promise<Reply> {
  const { operation, idempotencyKey, posting, place } = one;
  const heardAt = clock();
  const work = async (tx: Transaction): Promise<Done> => {
    const { decision, accountId } = await decideOne(
      tx,
      receivedByRequest(posting, heardAt, traceOf(telemetry.active())),
    );
    const refusal = refusalOf(decision, posting);
    if (refusal !== null) return { isKept: false, reply: refusalReply(refusal, place) };
    const entry = accountId === null ? null : await findEntry(tx, { ...posting, accountId });
    if (entry === null) throw new Error('What was entered is not there.');
    const events = decision.accepted ? decision.events : [];
    const isChanged = events.length > 0;
    const happened = events.map(({ aggregateId, eventId, type, version }) => ({
      connectionId: aggregateId,
      eventId,
      type,
      version,
    }));
    return {
      isKept: true,
      reply: { status: isChanged ? 201 : 200, body: { ...entryView(entry), isChanged } },
      happened,
    };
  };
  return answerInTransaction({ db, log }, { operation, idempotencyKey, request: posting }, work);
}

async function decideOne(tx: Transaction, received: ReceivedPosting): Promise<Decided> {
  const [decided] = await enterPostings(tx, [received], { isWaitedFor: false });
  if (decided === undefined) throw new Error('A posting was not decided.');
  return decided;
}

/** Where nothing waits, what came before what it follows is said of what there is: the one that stands is the same, one taken back is so. */
function refusalOf(decision: AccountDecision, { type }: RequestedPosting): RejectionCode | null {
  if (decision.accepted || decision.code === 'not-taken-back') return null;
  if (decision.code !== 'not-entered-again') return decision.code;
  return type === 'PaymentReversed' ? 'already-reversed' : 'already-cancelled';
}
