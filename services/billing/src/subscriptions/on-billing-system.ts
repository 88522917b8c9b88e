import type { BillingSystemEvent } from '@bijli/events';
import type { Heard, ReturnedEvent } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { newId } from '@bijli/units';
import type { RejectionCode } from '../domain/account.ts';
import { outcomeOf } from '../domain/outcome.ts';
import { refusals } from '../domain/refusals.ts';
import { enterPostings } from '../flows/enter-postings.ts';
import type { Decided, ReceivedPosting } from '../flows/received-posting.ts';
import { traceOf, untraced } from '@bijli/tracing';
import { insertUnchanged, type UnchangedEvent } from '../store/unchanged-events.ts';

/** What hearing needs; a test passes its own clock. */
export type OnBillingSystemInput = { readonly clock: () => Date };

/** Makes the handler that enters what the billing system tells, and gives back what breaks a rule and what was so before. */
export function onBillingSystem({ clock }: OnBillingSystemInput) {
  return async (tx: Transaction, heard: readonly Heard<BillingSystemEvent>[]): Promise<ReturnedEvent[]> => {
    const heardAt = clock();
    const decided = await enterPostings(
      tx,
      heard.map((each) => receivedFrom(each, heardAt)),
    );
    const unchanged = decided.filter(({ decision }) => outcomeOf(decision).is === 'repeated').flatMap(unchangedOf);
    if (unchanged.length > 0) await insertUnchanged(tx, unchanged);
    return decided.flatMap(({ received: { eventId }, decision }) => {
      const outcome = outcomeOf(decision);
      if (outcome.is === 'repeated') return [{ eventId, isUnchanged: true as const }];
      return outcome.is === 'refused' ? [refused(eventId, outcome.code)] : [];
    });
  };
}

function receivedFrom({ event, context, traceparent }: Heard<BillingSystemEvent>, heardAt: Date): ReceivedPosting {
  const { eventId, type, occurredAt, accountNumber, reference, amountPaise, issuedOn, dueOn } = event;
  const when = { occurredAt, isDated: true };
  const posting = { eventId: newId(), type, ...when, accountNumber, reference, amountPaise, issuedOn, dueOn };
  const trace = traceparent === undefined ? untraced : traceOf(context);
  return { posting, heardAt, eventId, kept: null, ...trace };
}

/** Only what has an account can be so already. */
function unchangedOf({ received, accountId }: Decided): UnchangedEvent[] {
  const { eventId, posting, heardAt, traceId } = received;
  const { type, reference } = posting;
  return accountId === null ? [] : [{ eventId, accountId, type, reference, heardAt, traceId }];
}

/** The inbox keeps it as a dead letter with these words. */
function refused(eventId: string, code: RejectionCode): ReturnedEvent {
  const { field, words } = refusals[code];
  return { eventId, detail: `${field}: ${code} (${words})` };
}
