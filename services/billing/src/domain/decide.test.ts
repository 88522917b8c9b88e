import { describe, expect, test } from '@jest/globals';
import { decideCase } from '@bijli/testing';
import { paise } from '@bijli/units';
import type { Account, AccountDecision, Item, Posting, RejectionCode } from './account.ts';
import { decide } from './decide.ts';
import { outcomeOf } from './outcome.ts';
import { refusals } from './refusals.ts';

const now = new Date('2026-01-30T20:00:00Z'); // in India it is the 31st
const eventId = '019c0d2c-0000-7000-8000-00000000000e';
const id = '019c0d2c-0000-7000-8000-000000000001';
const accountNumber = '4100000001';
const occurredAt = new Date('2026-01-30T08:00:00Z');

const posting = { eventId, occurredAt, isDated: true, accountNumber, amountPaise: null, issuedOn: null, dueOn: null };
const bill: Posting = {
  ...posting,
  type: 'BillGenerated',
  reference: 'B-1',
  amountPaise: 145_050,
  issuedOn: '2026-01-30',
  dueOn: '2026-02-14',
};
const payment: Posting = { ...posting, type: 'PaymentReceived', reference: 'T-1', amountPaise: 100_000 };
const reversal: Posting = { ...posting, type: 'PaymentReversed', reference: 'T-1' };
const cancellation: Posting = { ...posting, type: 'BillCancelled', reference: 'B-1' };

const dates = { issuedOn: '2026-01-30', dueOn: '2026-02-14' };
const atMs = occurredAt.getTime();
const billed: Item = { amountPaise: paise(145_050), enterings: [{ atMs, ...dates }], takenBackAtMs: [] };
const paid: Item = {
  amountPaise: paise(100_000),
  enterings: [{ atMs, issuedOn: null, dueOn: null }],
  takenBackAtMs: [],
};
const takenBack = (item: Item): Item => ({ ...item, takenBackAtMs: [...item.takenBackAtMs, atMs] });
/** So many days after what is there. */
const later = (days: number): Date => new Date(atMs + days * 86_400_000);
const account = (version: number, outstandingPaise: number, items: Record<string, Item> = {}): Account => ({
  id,
  accountNumber,
  version,
  outstandingPaise: paise(outstandingPaise),
  items: new Map(Object.entries(items)),
});
const empty = account(0, 0);
const both = account(2, 45_050, { 'bill B-1': billed, 'payment T-1': paid });

const ledger = decideCase(decide);
function entered(after: Account, given: Posting, paymentKind: 'part' | 'full' | 'advance' | null = null) {
  const { type, reference } = given;
  const item = after.items.get(`${type.startsWith('Bill') ? 'bill' : 'payment'} ${reference}`);
  const { issuedOn = null, dueOn = null } = item?.enterings.at(-1) ?? {};
  const amountPaise = item?.amountPaise ?? paise(0);
  const { version, outstandingPaise } = after;
  const told = { eventId, type, occurredAt: given.occurredAt, aggregateId: id, version, accountNumber, reference };
  const event = { ...told, amountPaise, outstandingPaise, paymentKind, issuedOn, dueOn };
  return { accepted: true as const, state: after, events: [event] };
}
const nothing = (state: Account): AccountDecision => ({ accepted: true, state, events: [] });

describe('a ledger', () => {
  test('enters a bill: so much more is outstanding', () => {
    const after = account(1, 145_050, { 'bill B-1': billed });
    ledger.given(empty).when(bill, now).then(entered(after, bill));
  });

  test.each([
    ['part', 145_050, 45_050],
    ['full', 100_000, 0],
    ['advance', 99_999, -1],
    ['advance', 0, -100_000],
  ] as const)('enters a payment: %s', (kind, before, outstanding) => {
    const after = account(6, outstanding, { 'payment T-1': paid });
    ledger
      .given(account(5, before))
      .when(payment, now)
      .then(entered(after, payment, kind));
  });

  test('brings an advance to the bill less what was paid', () => {
    const after = account(2, 45_050, { 'payment T-1': paid, 'bill B-1': billed });
    ledger
      .given(account(1, -100_000, { 'payment T-1': paid }))
      .when(bill, now)
      .then(entered(after, bill));
  });

  test('takes back a payment and a bill as a whole', () => {
    const reversed = account(3, 145_050, { 'bill B-1': billed, 'payment T-1': takenBack(paid) });
    ledger.given(both).when(reversal, now).then(entered(reversed, reversal));
    const cancelled = account(3, -100_000, { 'bill B-1': takenBack(billed), 'payment T-1': paid });
    ledger.given(both).when(cancellation, now).then(entered(cancelled, cancellation));
  });

  test('does nothing at a repeat, also of what was taken back', () => {
    const cancelled = account(2, 0, { 'bill B-1': takenBack(billed) });
    ledger.given(both).when(bill, now).then(nothing(both));
    ledger.given(both).when(payment, now).then(nothing(both));
    ledger.given(cancelled).when(bill, now).then(nothing(cancelled));
  });

  test('enters a cheque again that bounced, and takes it back again', () => {
    const bounced = account(2, 0, { 'payment T-1': takenBack(paid) });
    const again: Posting = { ...payment, occurredAt: new Date(atMs + 1) };
    const twice: Item = {
      ...takenBack(paid),
      enterings: [...paid.enterings, { atMs: atMs + 1, issuedOn: null, dueOn: null }],
    };
    const paidAgain = account(3, -100_000, { 'payment T-1': twice });
    ledger
      .given(bounced)
      .when(again, now)
      .then(entered(paidAgain, again, 'advance'));

    const second: Posting = { ...reversal, occurredAt: new Date(atMs + 2) };
    const both: Item = { ...twice, takenBackAtMs: [atMs, atMs + 2] };
    ledger
      .given(paidAgain)
      .when(second, now)
      .then(entered(account(4, 0, { 'payment T-1': both }), second));
    expect(decide(paidAgain, reversal, now)).toEqual({ accepted: false, code: 'already-reversed' });
  });

  test('enters a bill again that was cancelled, with the dates of now', () => {
    const cancelled = account(2, 0, { 'bill B-1': takenBack(billed) });
    const anew: Posting = { ...bill, occurredAt: new Date(atMs + 1), issuedOn: '2026-01-31', dueOn: '2026-02-20' };
    const decision = decide(cancelled, anew, now);
    expect(decision).toMatchObject({ events: [{ version: 3, issuedOn: '2026-01-31', dueOn: '2026-02-20' }] });
  });

  test('without a time takes what stands for the same, and what was taken back for the next one', () => {
    const undated: Posting = { ...payment, occurredAt: new Date(atMs + 1), isDated: false };
    const bounced = account(2, 0, { 'payment T-1': takenBack(paid) });
    ledger.given(both).when(undated, now).then(nothing(both));
    expect(decide(bounced, { ...undated, occurredAt }, now)).toMatchObject({ events: [{ version: 3 }] });
    expect(decide(bounced, { ...reversal, isDated: false }, now)).toMatchObject({ code: 'already-reversed' });
  });

  test('enters a bill of nothing', () => {
    const free: Posting = { ...bill, amountPaise: 0 };
    const after = account(3, 45_050, {
      'bill B-1': billed,
      'payment T-1': paid,
      'bill B-0': { ...billed, amountPaise: paise(0) },
    });
    ledger
      .given(both)
      .when({ ...free, reference: 'B-0' }, now)
      .then(entered(after, { ...free, reference: 'B-0' }));
  });

  test('takes two payments of one amount with two references for two, and a bill and a payment of one reference', () => {
    const other: Posting = { ...payment, reference: 'T-2' };
    const twice = account(3, -54_950, { 'bill B-1': billed, 'payment T-1': paid, 'payment T-2': paid });
    ledger
      .given(both)
      .when(other, now)
      .then(entered(twice, other, 'advance'));
    const same: Posting = { ...payment, reference: 'B-1' };
    const shared = account(3, -54_950, { 'bill B-1': billed, 'payment T-1': paid, 'payment B-1': paid });
    ledger
      .given(both)
      .when(same, now)
      .then(entered(shared, same, 'advance'));
  });

  test('says the number of today where a posting names an old one', () => {
    const renumbered = { ...empty, accountNumber: '5100000001' };
    expect(decide(renumbered, bill, now)).toMatchObject({ events: [{ accountNumber: '5100000001' }] });
  });

  test.each([
    ['the least amount', { amountPaise: 1 }],
    ['the largest amount', { amountPaise: 100_000_000_000 }],
    ['a bill that is due at once', { dueOn: '2026-01-30' }],
    ['a bill that is due in a year', { dueOn: '2027-01-31' }],
    ['a bill of tomorrow in India', { issuedOn: '2026-02-01' }],
    ['a bill of five years ago', { issuedOn: '2021-01-30', dueOn: '2021-02-10' }],
    ['every character of a reference', { reference: 'Az09./_-' }],
    ['what a clock ahead of ours says', { occurredAt: new Date('2026-01-31T20:00:00Z') }],
  ])('takes %s', (_what, given) => {
    expect(decide(empty, { ...bill, ...given }, now).accepted).toBe(true);
  });

  const refused: [what: string, given: Account | null, posting: Posting, code: RejectionCode][] = [
    ['what it does not know', empty, { ...bill, type: 'SurchargeAdded' as 'BillGenerated' }, 'unknown-type'],
    ['what an object has by nature', empty, { ...bill, type: 'constructor' as 'BillGenerated' }, 'unknown-type'],
    ['a number of nine digits', empty, { ...bill, accountNumber: '410000000' }, 'ten-digits'],
    ['a number in Hindi digits', empty, { ...bill, accountNumber: '४१०००००००१' }, 'ten-digits'],
    ['an empty reference', empty, { ...bill, reference: '' }, 'reference-format'],
    ['a reference of 41 characters', empty, { ...bill, reference: 'x'.repeat(41) }, 'reference-format'],
    ['a reference with a NUL', empty, { ...bill, reference: 'B\0' }, 'reference-format'],
    ['a reference with a line end', empty, { ...bill, reference: 'B-1\n' }, 'reference-format'],
    [
      'the day after tomorrow',
      empty,
      { ...bill, occurredAt: new Date('2026-01-31T20:00:01Z') },
      'occurred-in-the-future',
    ],
    ['the last instant that there is', empty, { ...bill, occurredAt: new Date(8.64e15) }, 'occurred-in-the-future'],
    ['1970', empty, { ...bill, occurredAt: new Date(0) }, 'occurred-too-long-ago'],
    ['the first instant that there is', empty, { ...bill, occurredAt: new Date(-8.64e15) }, 'occurred-too-long-ago'],
    ['a bill without amount', empty, { ...bill, amountPaise: null }, 'amount-missing'],
    ['a payment of nothing', empty, { ...payment, amountPaise: 0 }, 'amount-range'],
    ['a negative payment', empty, { ...payment, amountPaise: -1 }, 'amount-negative'],
    ['a negative bill', empty, { ...bill, amountPaise: -145_050 }, 'amount-negative'],
    ['less than nothing by half a paisa', empty, { ...bill, amountPaise: -0.5 }, 'amount-negative'],
    ['half a paisa', empty, { ...payment, amountPaise: 0.5 }, 'amount-range'],
    ['10^15 paise', empty, { ...bill, amountPaise: 1e15 }, 'amount-range'],
    ['one paisa too many', empty, { ...bill, amountPaise: 100_000_000_001 }, 'amount-range'],
    ['no number', empty, { ...bill, amountPaise: Number.NaN }, 'amount-range'],
    ['a reversal of a part', both, { ...reversal, amountPaise: 1 }, 'amount-not-allowed'],
    ['a bill without issue', empty, { ...bill, issuedOn: null }, 'issue-missing'],
    ['30 February', empty, { ...bill, issuedOn: '2026-02-30' }, 'issue-no-date'],
    ['a payment with an issue', empty, { ...payment, issuedOn: '2026-01-30' }, 'issue-not-allowed'],
    ['a bill of the day after tomorrow', empty, { ...bill, issuedOn: '2026-02-02' }, 'issued-in-the-future'],
    ['a bill of more than five years ago', empty, { ...bill, issuedOn: '2021-01-29' }, 'issued-too-long-ago'],
    ['a bill without due date', empty, { ...bill, dueOn: null }, 'due-missing'],
    ['a bill that is due on 31 April', empty, { ...bill, dueOn: '2026-04-31' }, 'due-no-date'],
    ['a cancellation with a due date', both, { ...cancellation, dueOn: '2026-02-14' }, 'due-not-allowed'],
    ['a bill that is due before its issue', empty, { ...bill, dueOn: '2026-01-29' }, 'before-issue'],
    ['a bill that is due after a year', empty, { ...bill, dueOn: '2027-02-01' }, 'due-too-late'],
    ['a bill on no account', null, bill, 'unknown-account'],
    ['another amount under a reference', both, { ...bill, amountPaise: 145_051 }, 'reference-reused'],
    ['another due date under a reference', both, { ...bill, dueOn: '2026-02-15' }, 'reference-reused'],
    ['another issue under a reference', both, { ...bill, issuedOn: '2026-01-29' }, 'reference-reused'],
    ['another payment under a reference', both, { ...payment, amountPaise: 1 }, 'reference-reused'],
    [
      'another amount under a reference that was taken back',
      account(2, 0, { 'payment T-1': takenBack(paid) }),
      { ...payment, amountPaise: 1 },
      'reference-reused',
    ],
    ['a payment again before it was reversed', both, { ...payment, occurredAt: later(-1) }, 'not-taken-back'],
    [
      'a reversal again before the payment came again',
      account(2, 0, { 'payment T-1': takenBack(paid) }),
      { ...reversal, occurredAt: later(-1) },
      'not-entered-again',
    ],
    ['the reversal of no payment', empty, reversal, 'unknown-payment'],
    [
      'the reversal of a bill',
      account(1, 1, { 'bill T-1': billed }),
      { ...reversal, reference: 'B-1' },
      'unknown-payment',
    ],
    ['the cancellation of no bill', empty, cancellation, 'unknown-bill'],
    ['a second reversal', account(2, 0, { 'payment T-1': takenBack(paid) }), reversal, 'already-reversed'],
    ['a second cancellation', account(2, 0, { 'bill B-1': takenBack(billed) }), cancellation, 'already-cancelled'],
  ];

  test.each(refused)('refuses %s', (_what, given, command, code) => {
    ledger.given(given).when(command, now).then({ accepted: false, code });
  });

  test('has a refusal tested for each code', () => {
    expect([...new Set(refused.map(([, , , code]) => code))].sort()).toEqual(Object.keys(refusals).sort());
  });
});

describe('what a decision comes to', () => {
  test.each([
    [decide(empty, bill, now), { is: 'taken' }],
    [decide(both, bill, now), { is: 'repeated' }],
    [{ accepted: false, code: 'already-reversed' }, { is: 'repeated' }],
    [{ accepted: false, code: 'already-cancelled' }, { is: 'repeated' }],
    [decide(null, bill, now), { is: 'waiting', code: 'unknown-account' }],
    [decide(empty, reversal, now), { is: 'waiting', code: 'unknown-payment' }],
    [
      { accepted: false, code: 'not-taken-back' },
      { is: 'waiting', code: 'not-taken-back' },
    ],
    [decide(empty, cancellation, now), { is: 'waiting', code: 'unknown-bill' }],
    [
      { accepted: false, code: 'reference-reused' },
      { is: 'refused', code: 'reference-reused' },
    ],
  ] as const)('%#', (decision, outcome) => {
    expect(outcomeOf(decision)).toEqual(outcome);
  });
});
