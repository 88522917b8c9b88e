import type { BillingSystemEvent } from '@bijli/events';
import type { Heard, RefusedEvent } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { newId } from '@bijli/units';
import type { RejectionCode } from '../domain/account.ts';
import { outcomeOf } from '../domain/outcome.ts';
import { refusals } from '../domain/refusals.ts';
import { enterPostings } from '../flows/enter-postings.ts';
import type { ToldPosting } from '../flows/told-posting.ts';
import { traceOf, untraced } from '../flows/trace.ts';

/** What hearing needs; a test passes its own clock. */
export type OnBillingSystemInput = { readonly clock: () => Date };

/** This function will make the handler that enters what the billing system tells, and gives back what breaks a rule. */
export function onBillingSystem({ clock }: OnBillingSystemInput) {
  return async (tx: Transaction, heard: readonly Heard<BillingSystemEvent>[]): Promise<RefusedEvent[]> => {
    const heardAt = clock();
    const decided = await enterPostings(
      tx,
      heard.map((each) => toldBy(each, heardAt)),
    );
    return decided.flatMap(({ told: { eventId }, decision }) => {
      const outcome = outcomeOf(decision);
      return outcome.is === 'refused' ? [refused(eventId, outcome.code)] : [];
    });
  };
}

function toldBy({ event, context, traceparent }: Heard<BillingSystemEvent>, heardAt: Date): ToldPosting {
  const { eventId, type, occurredAt, accountNumber, reference, amountPaise, issuedOn, dueOn } = event;
  const posting = { eventId: newId(), type, occurredAt, accountNumber, reference, amountPaise, issuedOn, dueOn };
  const trace = traceparent === undefined ? untraced : traceOf(context);
  return { posting, heardAt, eventId, kept: null, ...trace };
}

/** The inbox keeps it as a dead letter with these words. */
function refused(eventId: string, code: RejectionCode): RefusedEvent {
  const { field, words } = refusals[code];
  return { eventId, detail: `${field}: ${code} (${words})` };
}
