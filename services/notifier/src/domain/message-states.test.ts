import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  countedAs,
  foldSends,
  isSentOnceMore,
  mayFollow,
  mayHaveTold,
  type MessageState,
  messageStates,
  type SendFact,
} from './message-states.ts';

/** The whole table: a row says what may follow the state before it. */
const TABLE: Readonly<Record<MessageState, string>> = {
  waiting: 'underway superseded stale unrenderable',
  underway: 'ambiguous returned deferred blocked rejected accepted superseded stale',
  ambiguous: 'accepted rejected deferred blocked in-doubt underway',
  returned: 'underway superseded stale unrenderable',
  deferred: 'underway superseded stale',
  blocked: 'underway superseded stale',
  rejected: '',
  accepted: '',
  'in-doubt': 'accepted rejected',
  superseded: '',
  stale: '',
  unrenderable: '',
};

describe('the states of a message', () => {
  test.each(messageStates.flatMap((before) => messageStates.map((after) => [before, after] as const)))(
    'from %s to %s',
    (before, after) => {
      expect(mayFollow(before, after)).toBe(TABLE[before].split(' ').includes(after));
    },
  );

  test('each is counted as one end, or pending', () => {
    expect(Object.fromEntries(messageStates.map((state) => [state, countedAs(state)]))).toEqual({
      waiting: null,
      underway: null,
      returned: null,
      deferred: null,
      blocked: null,
      ambiguous: 'in-doubt',
      'in-doubt': 'in-doubt',
      accepted: 'accepted',
      rejected: 'rejected',
      superseded: 'superseded',
      stale: 'stale',
      unrenderable: 'unrenderable',
    });
  });

  test('what may have reached a handset was told', () => {
    expect(messageStates.filter(mayHaveTold)).toEqual(['underway', 'ambiguous', 'accepted', 'in-doubt']);
  });
});

const fact = fc.record({ sendNo: fc.integer({ min: 1, max: 4 }), state: fc.constantFrom(...messageStates) });
const fold = (facts: readonly SendFact[]) => foldSends(facts)?.state ?? null;

describe('what is written of a message', () => {
  test('is accepted once one of its sends was', () => {
    fc.assert(
      fc.property(fc.array(fact), fc.nat(), (facts, place) => {
        const accepted: SendFact = { sendNo: 1, state: 'accepted' };
        expect(fold(facts.toSpliced(place % (facts.length + 1), 0, accepted))).toBe('accepted');
      }),
    );
  });

  test('is what the latest send came to, whoever wrote it and when', () => {
    fc.assert(
      fc.property(fc.array(fact, { minLength: 1 }), (facts) => {
        const others = facts.filter(({ state }) => state !== 'accepted');
        const ways = [others, others.toReversed(), others.toSorted((a, b) => a.sendNo - b.sendNo)].map(
          (order) => foldSends(order)?.sendNo ?? 0,
        );
        expect(new Set(ways)).toEqual(new Set([Math.max(0, ...others.map(({ sendNo }) => sendNo))]));
      }),
    );
  });

  test('a late commit of a holder that is gone does not undo what its heir knows', () => {
    expect(
      fold([
        { sendNo: 1, state: 'ambiguous' },
        { sendNo: 2, state: 'underway' },
        { sendNo: 1, state: 'returned' },
      ]),
    ).toBe('underway');
    expect(
      fold([
        { sendNo: 1, state: 'ambiguous' },
        { sendNo: 1, state: 'returned' },
      ]),
    ).toBe('returned');
    expect(fold([])).toBeNull();
  });
});

describe('a send that nobody answered', () => {
  test('goes once more for what people are told of their supply, and never for a bill', () => {
    expect(['unplanned', 'restored', 'planned', 'estimate', 'cancelled'].every((kind) => isSentOnceMore(kind, 1))).toBe(
      true,
    );
    expect(['bill', 'payment', 'complaint'].some((kind) => isSentOnceMore(kind, 1))).toBe(false);
    expect(isSentOnceMore('unplanned', 2)).toBe(false);
  });
});
