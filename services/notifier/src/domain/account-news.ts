import type { AccountEvent } from '@bijli/events';
import type { PersonalFamily } from './text-families.ts';
import type { PersonalMessage, PersonalNews, Subject, Withdrawal } from './personal-message.ts';

const HOUR_MS = 3_600_000;
/** How long a bill or a payment stays worth telling once it is planned. */
const WORTH_TELLING_MS = 72 * HOUR_MS;
/** Billing systems tell a night's bills in the morning; what is older than this when it is heard waits for an operator. */
const LATE_NEWS_MS = 72 * HOUR_MS;
/** India's civil day ends 18:30 UTC. */
const END_OF_IST_DAY = 'T18:30:00Z';

/**
 * Decides what an entry of an account's ledger means to its people: a bill and a payment are told with
 * what is outstanding after them; a reversal corrects a payment; a cancelled bill is told to those who heard of it. What comes
 * again under its number makes the news false that it was taken back, while that still waits. Nobody is told to pay
 * after paying: a payment withdraws every bill text that still waits. An entry of a type that is not known (a newer producer's) is told to
 * nobody, and withdraws what its state makes false.
 */
export function accountNews(event: AccountEvent, now: Date): PersonalNews {
  const tellable = tellableOf(event);
  if (tellable === null)
    return {
      connectionId: event.aggregateId,
      version: event.version,
      withdraws: withdrawalsOfUnknown(event),
      message: null,
    };
  const { withdraws, ...text } = tellable;
  const { amountPaise, outstandingPaise, dueOn, reference, version, type, occurredAt } = event;
  const message: PersonalMessage = {
    onlyIfTold: null,
    undoneBy: null,
    overtakenBy: null,
    ...text,
    connectionId: event.aggregateId,
    reference,
    version,
    facts: {
      amountPaise,
      outstandingPaise,
      ...(dueOn === null ? {} : { dueOn }),
      ...(type === 'PaymentReceived' ? { paidAt: occurredAt.toISOString() } : {}),
    },
    notAfter: endOfUse(event, now),
    isHeld: now.getTime() - occurredAt.getTime() > LATE_NEWS_MS,
  };
  return { connectionId: event.aggregateId, version, withdraws, message };
}

type Tellable = Pick<PersonalMessage, 'kind' | 'subject' | 'family'> & {
  readonly onlyIfTold?: Withdrawal;
  readonly undoneBy?: Subject;
  readonly overtakenBy?: Subject;
  readonly withdraws: readonly Withdrawal[];
};

function tellableOf({ type, amountPaise, outstandingPaise, reference }: AccountEvent): Tellable | null {
  const isOwed = outstandingPaise >= 0;
  switch (type) {
    case 'BillGenerated':
      return {
        kind: 'bill',
        subject: 'bill',
        family: billFamily(amountPaise, outstandingPaise),
        undoneBy: 'bill-cancellation',
        overtakenBy: 'payment',
        withdraws: [{ subject: 'bill-cancellation', reference }],
      };
    case 'PaymentReceived':
      return {
        kind: 'payment',
        subject: 'payment',
        family: isOwed ? 'payment.owed' : 'payment.advance',
        undoneBy: 'payment-reversal',
        withdraws: [
          { subject: 'bill', reference: null },
          { subject: 'payment-reversal', reference },
        ],
      };
    case 'PaymentReversed':
      return {
        kind: 'payment',
        subject: 'payment-reversal',
        family: isOwed ? 'payment-reversal.owed' : 'payment-reversal.advance',
        undoneBy: 'payment',
        withdraws: [{ subject: 'payment', reference }],
      };
    case 'BillCancelled':
      return {
        kind: 'bill',
        subject: 'bill-cancellation',
        family: isOwed ? 'bill-cancellation.owed' : 'bill-cancellation.advance',
        onlyIfTold: { subject: 'bill', reference },
        undoneBy: 'bill',
        withdraws: [{ subject: 'bill', reference }],
      };
    default:
      return null;
  }
}

/** Whatever was entered, the item that it names is not what it was; and with nothing outstanding there is nothing to pay. */
function withdrawalsOfUnknown({ reference, outstandingPaise }: AccountEvent): Withdrawal[] {
  return [
    { subject: 'bill', reference: outstandingPaise > 0 ? reference : null },
    { subject: 'payment', reference },
  ];
}

/** Who owes something is told until when to pay, also where the month itself cost nothing. */
function billFamily(amountPaise: number, outstandingPaise: number): PersonalFamily {
  if (outstandingPaise > 0) return 'bill.due';
  return amountPaise === 0 ? 'bill.nothing' : 'bill.covered';
}

/** A bill is not told after the last day to pay it. */
function endOfUse({ type, dueOn }: AccountEvent, now: Date): Date {
  const worthTelling = now.getTime() + WORTH_TELLING_MS;
  if (type !== 'BillGenerated' || dueOn === null) return new Date(worthTelling);
  return new Date(Math.min(worthTelling, Date.parse(`${dueOn}${END_OF_IST_DAY}`)));
}
