import { describe, expect, test } from '@jest/globals';
import type { AccountEvent } from '@bijli/events';
import { paise } from '@bijli/units';
import fc from 'fast-check';
import { type Account, latestEntering, type Posting } from './account.ts';
import { decideAll } from './decide-all.ts';
import { MOST_SAID_AGAIN } from './limits.ts';
import { outcomeOf } from './outcome.ts';

const heardAt = new Date('2026-01-30T12:00:00Z');
const accountNumber = '4100000001';
const empty: Account = { id: 'c', accountNumber, version: 0, outstandingPaise: paise(0), items: new Map() };
const MOST_TIMES = 3;

/** A bill or a payment, how often it was entered, and how often it was taken back. */
type Given = {
  readonly isBill: boolean;
  readonly amountPaise: number;
  readonly enterings: number;
  readonly takenBack: number;
};
const item = fc.record({
  isBill: fc.boolean(),
  amountPaise: fc.integer({ min: 1, max: 100_000_000_000 }),
  enterings: fc.integer({ min: 1, max: MOST_TIMES }),
  isStanding: fc.boolean(),
});
/** As a billing system works: each time but perhaps the latest was taken back. */
const given = fc.array(
  item.map(({ isStanding, ...each }): Given => ({ ...each, takenBack: each.enterings - (isStanding ? 1 : 0) })),
  { minLength: 1, maxLength: 8 },
);
/** As many of both as anybody may send. */
const anything = fc.array(
  fc.record({
    isBill: fc.boolean(),
    amountPaise: fc.integer({ min: 1, max: 1_000_000 }),
    enterings: fc.integer({ min: 0, max: 4 }),
    takenBack: fc.integer({ min: 0, max: 4 }),
  }),
  { minLength: 1, maxLength: 4 },
);

const instant = (nth: number): Date => new Date(heardAt.getTime() - (100 - nth) * 60_000);

/** The postings of one item in the order in which they happened, each at a time of its own. */
function postingsOfItem({ isBill, amountPaise, enterings, takenBack }: Given, index: number): Posting[] {
  const facts = { eventId: 'e', isDated: true, accountNumber, reference: `R-${index}` };
  const dates = isBill ? { issuedOn: '2026-01-30', dueOn: '2026-02-14' } : { issuedOn: null, dueOn: null };
  const none = { amountPaise: null, issuedOn: null, dueOn: null };
  return Array.from({ length: Math.max(enterings, takenBack) }, (_none, nth): Posting[] => [
    ...(nth < enterings
      ? [
          {
            ...facts,
            ...dates,
            amountPaise,
            type: isBill ? ('BillGenerated' as const) : ('PaymentReceived' as const),
            occurredAt: instant(2 * nth),
          },
        ]
      : []),
    ...(nth < takenBack
      ? [
          {
            ...facts,
            ...none,
            type: isBill ? ('BillCancelled' as const) : ('PaymentReversed' as const),
            occurredAt: instant(2 * nth + 1),
          },
        ]
      : []),
  ]).flat();
}

const postingsOf = (items: readonly Given[]): Posting[] => items.flatMap(postingsOfItem);

/** Deals the postings out as a feed may: each up to three times, in any order, in batches of any size. */
const dealtFrom = (some: fc.Arbitrary<Given[]>) =>
  some.chain((items) => {
    const postings = postingsOf(items);
    return fc
      .record({
        times: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: postings.length, maxLength: postings.length }),
        batchSize: fc.integer({ min: 1, max: 20 }),
      })
      .chain(({ times, batchSize }) => {
        const dealt = postings.flatMap((posting, index) => Array.from({ length: times[index] ?? 1 }, () => posting));
        return fc
          .shuffledSubarray(dealt, { minLength: dealt.length, maxLength: dealt.length })
          .map((feed) => ({ items, feed, batchSize }));
      });
  });
const feeds = dealtFrom(given);

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
    waiting = distinct(batch.filter((_posting, index) => outcomes[index]?.is === 'waiting'));
    entries.push(...decisions.flatMap((decision) => (decision.accepted ? decision.events : [])));
    account = after ?? account;
  }
  return { account, waiting, entries };
}

/** The table keeps what waits once. */
const distinct = (postings: readonly Posting[]): Posting[] => [
  ...new Map(
    postings.map((each) => [`${each.type} ${each.reference} ${each.occurredAt.getTime()}`, each] as const),
  ).values(),
];

const named = ({ type, reference, amountPaise, occurredAt }: AccountEvent): string =>
  `${type} ${reference} ${amountPaise} ${occurredAt.toISOString()}`;
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
        expect(dealt.entries).toHaveLength(postingsOf(items).length);
        expect(dealt.account.outstandingPaise).toBe(ordered.account.outstandingPaise);
        // What is left of each item is itself or nothing: an independent sum.
        const left = items.reduce(
          (sum, { isBill, amountPaise, enterings, takenBack }) =>
            sum + (enterings === takenBack ? 0 : isBill ? amountPaise : -amountPaise),
          0,
        );
        expect(dealt.account.outstandingPaise).toBe(left);
      }),
      { numRuns: 500 },
    );
  });

  test('enters what anybody sends by turns, whatever comes first: never twice without taking back between', () => {
    fc.assert(
      fc.property(dealtFrom(anything), ({ items, feed, batchSize }) => {
        const { entries, account } = run(feed, batchSize);

        const left = items.map(({ isBill, amountPaise, enterings, takenBack }, index) => {
          const of = entries.filter(({ reference }) => reference === `R-${index}`);
          const entered = of.filter(({ type }) => type === 'BillGenerated' || type === 'PaymentReceived').length;
          const expected = Math.min(enterings, takenBack + 1);
          expect([entered, of.length - entered]).toEqual([expected, Math.min(takenBack, expected)]);
          return (isBill ? amountPaise : -amountPaise) * (expected - Math.min(takenBack, expected));
        });
        expect(account.outstandingPaise).toBe(left.reduce((sum, each) => sum + each, 0));
      }),
      { numRuns: 500 },
    );
  });

  describe('a bill that is issued anew with new dates', () => {
    const of = { eventId: 'e', isDated: true, accountNumber, reference: 'B' };
    const bill = (dueOn: string, nth: number): Posting => ({
      ...of,
      type: 'BillGenerated',
      amountPaise: 100,
      issuedOn: '2026-01-30',
      dueOn,
      occurredAt: instant(nth),
    });
    const nothing = { amountPaise: null, issuedOn: null, dueOn: null };
    const cancellation: Posting = { ...of, ...nothing, type: 'BillCancelled', occurredAt: instant(2) };
    const [old, anew] = [bill('2026-02-14', 1), bill('2026-02-25', 3)];
    const orders = [
      ['old cancelled anew', [old, cancellation, anew]],
      ['old anew cancelled', [old, anew, cancellation]],
      ['cancelled old anew', [cancellation, old, anew]],
      ['cancelled anew old', [cancellation, anew, old]],
      ['anew cancelled old', [anew, cancellation, old]],
      ['anew old cancelled', [anew, old, cancellation]],
    ] as const;

    /** Decides in batches, tries what waits with each, and at the end what was refused, as an operator replays its dead letter. */
    const inBatches = (feed: readonly Posting[], batchSize: number) => {
      let account: Account = empty;
      let waiting: Posting[] = [];
      let refused: Posting[] = [];
      const enterAll = (batch: Posting[]) => {
        const { account: after, decisions } = decideAll(
          account,
          batch.map((posting) => ({ posting, heardAt })),
        );
        account = after ?? account;
        const are = (is: string) => batch.filter((_posting, index) => outcomeOf(decisions[index] ?? fail()).is === is);
        waiting = distinct(are('waiting'));
        refused = [...refused, ...are('refused')];
      };
      for (let from = 0; from < feed.length; from += batchSize)
        enterAll([...feed.slice(from, from + batchSize), ...waiting]);
      const deadLetters = refused.length;
      for (const posting of refused.splice(0)) enterAll([posting, ...waiting]);
      const item = account.items.get('bill B');
      return {
        deadLetters,
        refused,
        waiting,
        outstanding: account.outstandingPaise,
        due: item && latestEntering(item).dueOn,
      };
    };
    const fail = (): never => {
      throw new Error('a posting was not decided');
    };
    const right = { refused: [], waiting: [], outstanding: 100, due: '2026-02-25' };

    test.each(orders)('ends the same where one batch holds it as %s', (_, feed) => {
      expect(inBatches(feed, 3)).toEqual({ ...right, deadLetters: 0 });
    });

    test.each(orders)(
      'ends the same one by one as %s, at the latest when what was refused is replayed',
      (name, feed) => {
        const isRefused = name === 'old anew cancelled' || name === 'anew old cancelled';
        expect(inBatches(feed, 1)).toEqual({ ...right, deadLetters: isRefused ? 1 : 0 });
      },
    );

    test('is not entered once more by a repeat of the old one, not even after its own cancellation', () => {
      const again = { ...cancellation, occurredAt: instant(4) };
      const feed = [anew, cancellation, old, old, again, old, anew, cancellation];
      expect(inBatches(feed, 1)).toEqual({ ...right, deadLetters: 0, outstanding: 0 });
    });

    test('keeps its own dates where its clock is behind', () => {
      const behind = bill('2026-02-25', 0);
      expect(inBatches([old, cancellation, behind], 1)).toEqual({ ...right, deadLetters: 0 });
    });
  });

  test('lets so many of one reference wait at most, the others change nothing', () => {
    const [bill] = postingsOfItem({ isBill: false, amountPaise: 5, enterings: 1, takenBack: 0 }, 0);
    const again = Array.from({ length: 40 }, (_none, nth) => ({ ...bill, occurredAt: instant(nth) }) as Posting);
    const { waiting, account } = run(again, 7);

    expect([account.outstandingPaise, waiting.length]).toEqual([-5, MOST_SAID_AGAIN]);
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

  test('the feeds hold what comes before what it takes back, what is entered twice in a row, and repeats', () => {
    const samples = fc.sample(feeds, { numRuns: 200, seed: 1 });
    const early = samples.filter(({ feed }) => feed.findIndex(({ amountPaise }) => amountPaise === null) === 0);
    expect(early.length).toBeGreaterThan(10);
    const secondFirst = samples.filter(({ feed: [first] }) => first?.occurredAt.getTime() === instant(2).getTime());
    expect(secondFirst.length).toBeGreaterThan(5);
  });
});
