import { Undone } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import type { Reply } from '@bijli/service';
import { context as telemetry } from '@opentelemetry/api';
import type { AccountDecision } from '../domain/account.ts';
import { enterPostings } from '../flows/enter-postings.ts';
import type { ToldPosting } from '../flows/told-posting.ts';
import { traceOf } from '../flows/trace.ts';
import { findEntry } from '../store/list-entries.ts';
import { answerInTransaction, type Done } from './answer-in-transaction.ts';
import type { HttpContext } from './context.ts';
import { entryView } from './entry-view.ts';
import { type Place, refusalReply } from './problems.ts';
import { type RequestedPosting, toldByRequest } from './told-by-request.ts';

/** One posting by itself: what it says, and where its fields stand in the request. */
export type One = {
  readonly operation: string;
  readonly idempotencyKey: string | undefined;
  readonly posting: RequestedPosting;
  readonly place: Place;
};

/**
 * This function will enter one posting: 201 with its entry, 200 with that of before where it is a repeat, or a problem. Nothing waits here:
 * who asks hears at once that there is no such account, payment or bill.
 */
export function enterOne({ db, log, clock }: HttpContext, one: One): Promise<Reply> {
  const { operation, idempotencyKey, posting, place } = one;
  const heardAt = clock();
  const work = async (tx: Transaction): Promise<Done> => {
    const decision = await decideOne(tx, toldByRequest(posting, heardAt, traceOf(telemetry.active())));
    if (!decision.accepted) throw new Undone(refusalReply(decision.code, place));
    const entry = await findEntry(tx, { ...posting, accountId: decision.state.id });
    if (entry === null) throw new Error('What was entered is not there.');
    const happened = decision.events.map(({ aggregateId, eventId, type, version }) => ({
      connectionId: aggregateId,
      eventId,
      type,
      version,
    }));
    return { reply: { status: happened.length > 0 ? 201 : 200, body: entryView(entry) }, happened };
  };
  return answerInTransaction({ db, log }, { operation, idempotencyKey, request: posting }, work);
}

async function decideOne(tx: Transaction, told: ToldPosting): Promise<AccountDecision> {
  const [decided] = await enterPostings(tx, [told], { isWaitedFor: false });
  if (decided === undefined) throw new Error('A posting was not decided.');
  return decided.decision;
}
