import { describe, expect, test } from '@jest/globals';
import type { AccountEvent } from '@bijli/events';
import { paise } from '@bijli/units';
import fc from 'fast-check';
import type { Account, Posting } from './account.ts';
import { decideAll } from './decide-all.ts';
import { outcomeOf } from './outcome.ts';

const heardAt = new Date('2026-01-30T12:00:00Z');
const accountNumber = '4100000001';
const empty: Account = { id: 'c', accountNumber, version: 0, outstandingPaise: paise(0), items: new Map() };

/** A bill or a payment, and whether it is taken back. */
type Given = { isBill: boolean; amountPaise: number; isTakenBack: boolean };
const given = fc.array(
  fc.record({
    isBill: fc.boolean(),
    amountPaise: fc.integer({ min: 1, max: 100_000_000_000 }),
    isTakenBack: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

/** The postings of what is given, each with a reference of its own. */
function postingsOf(items: readonly Given[]): Posting[] {
  return items.flatMap(({ isBill, amountPaise, isTakenBack }, index) => {
    const posting = { eventId: 'e', occurredAt: heardAt, accountNumber, reference: `R-${index}` };
    const bill = { ...posting, amountPaise, issuedOn: '2026-01-30', dueOn: '2026-02-14' };
    const plain = { ...posting, amountPaise, issuedOn: null, dueOn: null };
    const back = { ...plain, amountPaise: null };
    const made: Posting = isBill ? { ...bill, type: 'BillGenerated' } : { ...plain, type: 'PaymentReceived' };
    const undone: Posting = { ...back, type: isBill ? 'BillCancelled' : 'PaymentReversed' };
    return isTakenBack ? [made, undone] : [made];
  });
}

/** Deals the postings out as a feed may: each up to three times, in any order, in batches of any size. */
const feeds = given.chain((items) =>
  fc
    .record({
      times: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2 * items.length, maxLength: 2 * items.length }),
      batchSize: fc.integer({ min: 1, max: 20 }),
    })
    .chain(({ times, batchSize }) => {
      const dealt = postingsOf(items).flatMap((posting, index) =>
        Array.from({ length: times[index] ?? 1 }, () => posting),
      );
      return fc
        .shuffledSubarray(dealt, { minLength: dealt.length, maxLength: dealt.length })
        .map((feed) => ({ items, feed, batchSize }));
    }),
);

/** Runs a feed through the ledger; what waits is tried again with each batch. */
function run(feed: readonly Posting[], batchSize: number) {
  let account: Account = empty;
  let waiting: Posting[] = [];
  const entries: AccountEvent[] = [];
  for (let from = 0; from < feed.length; from += batchSize) {
    const batch = [...feed.slice(from, from + batchSize), ...waiting];
    const { account: after, decisions } = decideAll(
      account,
      batch.map((posting) => ({ posting, heardAt })),
    );
    const outcomes = decisions.map(outcomeOf);
    expect(outcomes.filter(({ is }) => is === 'refused')).toEqual([]);
    waiting = batch.filter((_posting, index) => outcomes[index]?.is === 'waiting');
    entries.push(...decisions.flatMap((decision) => (decision.accepted ? decision.events : [])));
    account = after ?? account;
  }
  return { account, waiting, entries };
}

const named = ({ type, reference, amountPaise }: AccountEvent): string => `${type} ${reference} ${amountPaise}`;
const signs = { BillGenerated: 1, BillCancelled: -1, PaymentReceived: -1, PaymentReversed: 1 };
const sumOf = (entries: readonly AccountEvent[]): number =>
  entries.reduce((sum, { type, amountPaise }) => sum + signs[type] * amountPaise, 0);

describe('a ledger, as a model', () => {
  test('comes to the same entries and the same outstanding in any order, with any repeats, in any batches', () => {
    fc.assert(
      fc.property(feeds, ({ items, feed, batchSize }) => {
        const ordered = run(postingsOf(items), 1);
        const dealt = run(feed, batchSize);

        expect(dealt.waiting).toEqual([]);
        expect(dealt.entries.map(named).sort()).toEqual(ordered.entries.map(named).sort());
        expect(dealt.account.outstandingPaise).toBe(ordered.account.outstandingPaise);
        // What is left of each item is itself or nothing: an independent sum.
        const left = items.reduce(
          (sum, { isBill, amountPaise, isTakenBack }) => sum + (isTakenBack ? 0 : isBill ? amountPaise : -amountPaise),
          0,
        );
        expect(dealt.account.outstandingPaise).toBe(left);
      }),
      { numRuns: 500 },
    );
  });

  test('has versions without gaps, and after each entry the sum of those before it', () => {
    fc.assert(
      fc.property(feeds, ({ feed, batchSize }) => {
        const { entries } = run(feed, batchSize);
        const inOrder = entries.toSorted((one, other) => one.version - other.version);

        expect(inOrder.map(({ version }) => version)).toEqual(inOrder.map((_entry, index) => index + 1));
        inOrder.forEach(({ outstandingPaise }, index) =>
          expect(outstandingPaise).toBe(sumOf(inOrder.slice(0, index + 1))),
        );
      }),
      { numRuns: 200 },
    );
  });

  test('the feeds hold what comes before what it takes back, and repeats', () => {
    const early = fc
      .sample(feeds, { numRuns: 200, seed: 1 })
      .filter(({ feed }) => feed.findIndex(({ amountPaise }) => amountPaise === null) === 0);
    expect(early.length).toBeGreaterThan(10);
  });
});
