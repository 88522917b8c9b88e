import type { AccountEvent } from '@bijli/events';
import { paise } from '@bijli/units';
import {
  type Account,
  type AccountDecision,
  effects,
  type Item,
  itemKey,
  type Posting,
  type RejectionCode,
} from './account.ts';
import { checkPosting } from './check-posting.ts';

/**
 * This function will decide a posting on an account, null where nobody has its number: refused by a code, accepted as a repeat that
 * changes nothing, or accepted with the account after it and one event of the next version. `now` (UTC) is when it was heard.
 */
export function decide(account: Account | null, posting: Posting, now: Date): AccountDecision {
  const code = checkPosting(posting, now);
  if (code !== null) return refuse(code);
  if (account === null) return refuse('unknown-account');
  return effects[posting.type].isTakingBack ? takeBack(account, posting) : enter(account, posting);
}

/** A bill or a payment is entered once; said again it is the same one, or an error of whoever numbers them. */
function enter(account: Account, posting: Posting): AccountDecision {
  const { amountPaise, issuedOn, dueOn } = posting;
  const item = { amountPaise: paise(amountPaise ?? 0), issuedOn, dueOn, isTakenBack: false };
  const known = account.items.get(itemKey(posting));
  if (known === undefined) return accepted(account, posting, item);
  const isSame = known.amountPaise === amountPaise && known.issuedOn === issuedOn && known.dueOn === dueOn;
  return isSame ? { accepted: true, state: account, events: [] } : refuse('reference-reused');
}

/** What is taken back is taken back as a whole, once, and stays in the ledger. */
function takeBack(account: Account, posting: Posting): AccountDecision {
  const isPayment = effects[posting.type].item === 'payment';
  const item = account.items.get(itemKey(posting));
  if (item === undefined) return refuse(isPayment ? 'unknown-payment' : 'unknown-bill');
  if (item.isTakenBack) return refuse(isPayment ? 'already-reversed' : 'already-cancelled');
  return accepted(account, posting, { ...item, isTakenBack: true });
}

function accepted(account: Account, posting: Posting, item: Item): AccountDecision {
  const { eventId, type, occurredAt, reference } = posting;
  const version = account.version + 1;
  const outstandingPaise = paise(account.outstandingPaise + effects[type].sign * item.amountPaise);
  const items = new Map(account.items).set(itemKey(posting), item);
  const event: AccountEvent = {
    eventId,
    type,
    occurredAt,
    aggregateId: account.id,
    version,
    accountNumber: account.accountNumber,
    reference,
    amountPaise: item.amountPaise,
    outstandingPaise,
    paymentKind: paymentKindOf({ type, outstandingPaise }),
    issuedOn: item.issuedOn,
    dueOn: item.dueOn,
  };
  return { accepted: true, state: { ...account, version, outstandingPaise, items }, events: [event] };
}

/** This function will say what a payment left outstanding: something (part), nothing (full), or more than nothing (advance); null for others. */
export function paymentKindOf({
  type,
  outstandingPaise,
}: Pick<AccountEvent, 'type' | 'outstandingPaise'>): AccountEvent['paymentKind'] {
  if (type !== 'PaymentReceived') return null;
  if (outstandingPaise === 0) return 'full';
  return outstandingPaise > 0 ? 'part' : 'advance';
}

function refuse(code: RejectionCode): AccountDecision {
  return { accepted: false, code };
}
