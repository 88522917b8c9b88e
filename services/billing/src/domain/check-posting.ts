import { effects, type Posting, type RejectionCode } from './account.ts';
import { dayOf, istDayOf } from './civil-date.ts';
import { ACCOUNT_NUMBER, MAX_AGE_DAYS, MAX_AHEAD_DAYS, MAX_AMOUNT_PAISE, MAX_TERM_DAYS, REFERENCE } from './limits.ts';

const DAY_MS = 24 * 3_600_000;

/** Says what is wrong with a posting by itself, whatever its account, or null. `now` is UTC; dates are India's. */
export function checkPosting(posting: Posting, now: Date): RejectionCode | null {
  if (!Object.hasOwn(effects, posting.type)) return 'unknown-type';
  if (!ACCOUNT_NUMBER.test(posting.accountNumber)) return 'ten-digits';
  if (!REFERENCE.test(posting.reference)) return 'reference-format';
  return instantRefused(posting.occurredAt, now) ?? amountRefused(posting) ?? datesRefused(posting, now);
}

function instantRefused(occurredAt: Date, now: Date): RejectionCode | null {
  const agoMs = now.getTime() - occurredAt.getTime();
  if (agoMs < -MAX_AHEAD_DAYS * DAY_MS) return 'occurred-in-the-future';
  return agoMs > MAX_AGE_DAYS * DAY_MS ? 'occurred-too-long-ago' : null;
}

function amountRefused({ type, amountPaise }: Posting): RejectionCode | null {
  if (effects[type].isTakingBack) return amountPaise === null ? null : 'amount-not-allowed';
  if (amountPaise === null) return 'amount-missing';
  if (amountPaise < 0) return 'amount-negative';
  const isAmount = Number.isInteger(amountPaise) && amountPaise >= leastAmount(type) && amountPaise <= MAX_AMOUNT_PAISE;
  return isAmount ? null : 'amount-range';
}

/** A month without charge is billed all the same; who pays nothing has not paid. */
function leastAmount(type: Posting['type']): 0 | 1 {
  return type === 'BillGenerated' ? 0 : 1;
}

function datesRefused({ type, issuedOn, dueOn }: Posting, now: Date): RejectionCode | null {
  if (type !== 'BillGenerated') {
    if (issuedOn !== null) return 'issue-not-allowed';
    return dueOn === null ? null : 'due-not-allowed';
  }
  if (issuedOn === null) return 'issue-missing';
  if (dueOn === null) return 'due-missing';
  const issueDay = dayOf(issuedOn);
  if (issueDay === null) return 'issue-no-date';
  return issueRefused(issueDay, istDayOf(now)) ?? dueRefused(issueDay, dayOf(dueOn));
}

function issueRefused(issueDay: number, today: number): RejectionCode | null {
  if (issueDay > today + MAX_AHEAD_DAYS) return 'issued-in-the-future';
  return issueDay < today - MAX_AGE_DAYS ? 'issued-too-long-ago' : null;
}

function dueRefused(issueDay: number, dueDay: number | null): RejectionCode | null {
  if (dueDay === null) return 'due-no-date';
  if (dueDay < issueDay) return 'before-issue';
  return dueDay > issueDay + MAX_TERM_DAYS ? 'due-too-late' : null;
}
