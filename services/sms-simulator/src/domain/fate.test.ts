import { describe, expect, test } from '@jest/globals';
import { type Behaviour, wellBehaved } from './behaviour.ts';
import { dice } from './dice.ts';
import { type Fate, type FateInput, fateOf } from './fate.ts';

const fate = (change: Partial<Behaviour> = {}, input: Partial<FateInput> = {}): Fate =>
  fateOf({
    handset: '919876543210',
    receiptWanted: 'always',
    isLastPart: true,
    behaviour: { ...wellBehaved, ...change },
    dice: dice(1),
    ...input,
  });

const receiptsOf = (one: Fate) => (one.answer === 'accepted' ? one.receipts : []);

describe('fate', () => {
  test('of a message is to be delivered, with one receipt after 200 to 800 ms', () => {
    const rolls = dice(7);
    for (let round = 0; round < 1_000; round += 1) {
      const one = fate({}, { dice: rolls });
      expect(one).toMatchObject({ answer: 'accepted', ending: { state: 'DELIVRD', error: '000' } });
      const [receipt, ...others] = receiptsOf(one);
      expect(others).toEqual([]);
      expect(receipt?.afterMs).toBeGreaterThanOrEqual(200);
      expect(receipt?.afterMs).toBeLessThan(800);
    }
  });

  test.each([
    ['919999900001', { answer: 'accepted', ending: { state: 'DELIVRD', error: '000' } }],
    ['919999900002', { answer: 'accepted', ending: { state: 'REJECTD', error: '630' } }],
    ['919999900003', { answer: 'accepted', ending: { state: 'UNDELIV', error: '027' } }],
    ['919999900004', { answer: 'none' }],
    ['919999900005', { answer: 'accepted', ending: { state: 'UNDELIV', error: '001' } }],
  ])('of %s is fixed, whatever the rates', (handset, expected) => {
    expect(fate({ noAnswerRate: 0.999, scrubErrorRate: 0.999 }, { handset })).toMatchObject(
      handset === '919999900004' ? { answer: 'none' } : expected,
    );
    expect(fate({}, { handset })).toMatchObject(expected);
  });

  test('of a scrubbed message may be a refusal', () => {
    expect(fate({ scrubErrorRate: 1 })).toMatchObject({ ending: { state: 'REJECTD', error: '630' } });
    expect(fate({ scrubErrorRate: 1, scrubRefusesSubmit: true })).toEqual({ answer: 'refused' });
    expect(fate({ scrubRefusesSubmit: true }, { handset: '919999900002' })).toEqual({ answer: 'refused' });
  });

  test('may be silence', () => {
    expect(fate({ noAnswerRate: 1 })).toEqual({ answer: 'none' });
  });

  test.each([
    ['missing', { missingReceiptRate: 1 }, []],
    ['early', { earlyReceiptRate: 1 }, [{ early: true, afterMs: 0 }]],
    ['repeated', { repeatedReceiptRate: 1 }, [{ state: 'DELIVRD' }, { state: 'DELIVRD' }]],
    ['followed by a weaker one', { weakerReceiptRate: 1 }, [{ state: 'DELIVRD' }, { state: 'ENROUTE' }]],
    ['on another connection', { otherBindReceiptRate: 1 }, [{ onOtherBind: true }]],
  ] as const)('has receipts that are %s', (_name, change, expected) => {
    expect(receiptsOf(fate(change))).toMatchObject(expected);
    expect(receiptsOf(fate(change))).toHaveLength(expected.length);
  });

  test('has late receipts, while the handset is not late', () => {
    const late = fate({ lateReceiptRate: 1, lateReceiptMs: 9_000 });
    expect(receiptsOf(late)[0]?.afterMs).toBeGreaterThan(9_000);
    expect(late.answer === 'accepted' && late.endsAfterMs < 800).toBe(true);
  });

  test('has receipts only where they are wanted', () => {
    expect(receiptsOf(fate({}, { receiptWanted: 'never' }))).toEqual([]);
    expect(receiptsOf(fate({}, { receiptWanted: 'on-failure' }))).toEqual([]);
    expect(receiptsOf(fate({}, { receiptWanted: 'on-failure', handset: '919999900003' }))).toHaveLength(1);
    expect(receiptsOf(fate({ lastPartReceiptOnly: true }, { isLastPart: false }))).toEqual([]);
    expect(receiptsOf(fate({ lastPartReceiptOnly: true }))).toHaveLength(1);
  });

  test('falls the same way for the same seed, and as often as its rate says', () => {
    const draw = (seed: number): number => {
      const rolls = dice(seed);
      return Array.from({ length: 10_000 }, () => fate({ scrubErrorRate: 0.25 }, { dice: rolls })).filter(
        (one) => one.answer === 'accepted' && one.ending.error === '630',
      ).length;
    };
    expect(draw(3)).toBe(draw(3));
    expect(draw(3)).not.toBe(draw(4));
    expect(Math.abs(draw(3) - 2_500)).toBeLessThan(200);
  });
});
