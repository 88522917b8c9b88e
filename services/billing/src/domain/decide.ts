import type { AccountEvent } from '@bijli/events';
import { paise } from '@bijli/units';
import {
  type Account,
  type AccountDecision,
  type Entering,
  effects,
  type Item,
  isStanding,
  itemKey,
  latestEntering,
  type Posting,
  type RejectionCode,
} from './account.ts';
import { checkPosting } from './check-posting.ts';

/**
 * Decides a posting on an account, null where nobody has its number: refused by a code, accepted as a repeat that changes nothing, or
 * accepted with the account after it and one event of the next version. `now` (UTC) is when it was heard.
 */
export function decide(account: Account | null, posting: Posting, now: Date): AccountDecision {
  const code = checkPosting(posting, now);
  if (code !== null) return refuse(code);
  if (account === null) return refuse('unknown-account');
  return effects[posting.type].isTakingBack ? takeBack(account, posting) : enter(account, posting);
}

/**
 * A bill or a payment is entered once, and once more each time that it was taken back. While it stands, the same again is a repeat, and
 * another amount or other dates are an error of the system that numbers them. The same with a time of its own is the next one: the news
 * that the first was taken back is still on its way.
 */
function enter(account: Account, posting: Posting): AccountDecision {
  const known = account.items.get(itemKey(posting));
  const entering = { atMs: posting.occurredAt.getTime(), issuedOn: posting.issuedOn, dueOn: posting.dueOn };
  if (known === undefined) {
    const amountPaise = paise(posting.amountPaise ?? 0);
    return accepted(account, posting, { amountPaise, enterings: [entering], takenBackAtMs: [] });
  }
  if (known.amountPaise !== posting.amountPaise) return refuse('reference-reused');
  if (posting.isDated && known.enterings.some((each) => isSame(known, each, entering))) return unchanged(account);
  if (!isStanding(known))
    return accepted(account, posting, { ...known, enterings: [...known.enterings, withNewestDates(known, entering)] });
  if (!hasSameDates(latestEntering(known), entering)) return refuse('reference-reused');
  return posting.isDated ? refuse('not-taken-back') : unchanged(account);
}

/** What is taken back is taken back as a whole, once for each time that it was entered, and stays in the ledger. */
function takeBack(account: Account, posting: Posting): AccountDecision {
  const isPayment = effects[posting.type].item === 'payment';
  const item = account.items.get(itemKey(posting));
  if (item === undefined) return refuse(isPayment ? 'unknown-payment' : 'unknown-bill');
  const atMs = posting.occurredAt.getTime();
  const isRepeat = posting.isDated && item.takenBackAtMs.includes(atMs);
  if (!isRepeat && isStanding(item))
    return accepted(account, posting, { ...item, takenBackAtMs: [...item.takenBackAtMs, atMs] });
  if (posting.isDated && !isRepeat) return refuse('not-entered-again');
  return refuse(isPayment ? 'already-reversed' : 'already-cancelled');
}

/** One that was entered with the dates of a newer one is known by its time alone. */
function isSame({ enterings }: Item, one: Entering, other: Entering): boolean {
  if (one.atMs !== other.atMs) return false;
  return hasSameDates(one, other) || enterings.some((each) => each.atMs > one.atMs && hasSameDates(each, one));
}

/**
 * A bill that comes after the one that was issued in its place, which a cancellation between them tells: what stands from now on has the
 * dates of the newer one. A cancellation later than the newest says nothing of the kind, so no clock alone changes a date.
 */
function withNewestDates({ enterings, takenBackAtMs }: Item, entering: Entering): Entering {
  const [first, ...others] = enterings;
  const newest = others.reduce((one, other) => (other.atMs > one.atMs ? other : one), first);
  const isOvertaken = takenBackAtMs.some((atMs) => entering.atMs <= atMs && atMs < newest.atMs);
  return isOvertaken ? { ...newest, atMs: entering.atMs } : entering;
}

function hasSameDates(one: Entering, other: Entering): boolean {
  return one.issuedOn === other.issuedOn && one.dueOn === other.dueOn;
}

function unchanged(account: Account): AccountDecision {
  return { accepted: true, state: account, events: [] };
}

function accepted(account: Account, posting: Posting, item: Item): AccountDecision {
  const { eventId, type, occurredAt, reference } = posting;
  const version = account.version + 1;
  const outstandingPaise = paise(account.outstandingPaise + effects[type].sign * item.amountPaise);
  const items = new Map(account.items).set(itemKey(posting), item);
  const { issuedOn, dueOn } = latestEntering(item);
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
    issuedOn,
    dueOn,
  };
  return { accepted: true, state: { ...account, version, outstandingPaise, items }, events: [event] };
}

/** Says what a payment left outstanding: something (part), nothing (full), or more than nothing (advance); null for others. */
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
