import { describe, expect, test } from '@jest/globals';
import type { People } from './people.ts';
import type { SentText } from './text-log.ts';
import { type Cut, findUntruths, reachOf } from './untrue.ts';

const MINUTE = 60_000;
/** Ten in the morning in India. */
const TEN = Date.UTC(2026, 10, 30, 4, 30);
const at = (minutes: number): number => TEN + minutes * MINUTE;

const said = (minutes: number) => ({ askedAt: at(minutes), saidAt: at(minutes), heardAt: at(minutes) });
const cutOn = (node: string, restored: number, ...times: readonly (readonly [from: number, until: number])[]): Cut => ({
  id: node,
  nodes: [node],
  times: times.map(([from, until]) => ({ ...said(from), until: at(until) })),
  restored: said(restored),
});
/** Off from 10:00 to 10:30; expected back at 12:00 and, as was said at 10:10, at 14:00. */
const NORTH = cutOn('DT-1', 30, [0, 120], [10, 240]);
/** Off from 10:00 to 10:40, expected back at 10:20. */
const SOUTH = cutOn('DT-2', 40, [0, 20]);

const PEOPLE: People = new Map([
  ['a', [{ account: '6000001111', node: 'DT-1' }]],
  ['b', [{ account: '6000002222', node: 'DT-2' }]],
  [
    'both',
    [
      { account: '6000003333', node: 'DT-1' },
      { account: '6000004444', node: 'DT-2' },
    ],
  ],
  ['elsewhere', [{ account: '6000005555', node: 'DT-9' }]],
]);

const text = (minutes: number, mobile: string, key: string, words: string): SentText => ({
  ...{
    mobile,
    key: `${key}.en`,
    text: words,
    parts: 1,
    at: at(minutes),
    lastAt: at(minutes),
    ids: [`${mobile}${minutes}`],
  },
});
const off = (minutes: number, mobile: string, account: string, until: string) =>
  text(
    minutes,
    mobile,
    'unplanned.one',
    `A/c ${account}: power is off. Cause: storm. Expected back by 30-11 ${until}. Help: 1912. UPPCL`,
  );
const moved = (minutes: number, mobile: string, account: string, until: string) =>
  text(
    minutes,
    mobile,
    'estimate.one',
    `A/c ${account}: revised time: power expected by 30-11 ${until}. Help: 1912. UPPCL`,
  );
const back = (minutes: number, mobile: string, account: string) =>
  text(
    minutes,
    mobile,
    'restored.one',
    `A/c ${account}: power was restored at 10:30 on 30-11. If not, call 1912. UPPCL`,
  );
const partly = (minutes: number, mobile: string, account: string) =>
  text(
    minutes,
    mobile,
    'partly.one',
    `Power is still off at a/c ${account}; it is back at your other a/cs. Help: 1912. UPPCL`,
  );
const bill = (minutes: number, key: string, words: string) => text(minutes, 'elsewhere', key, `A/c 5555: ${words}`);

describe('what was false when it was said', () => {
  test.each([
    ['nothing', [off(1, 'a', '1111', '12:00'), moved(11, 'a', '1111', '14:00'), back(31, 'a', '1111')], []],
    ['off, when it was back', [off(31, 'a', '1111', '14:00'), back(32, 'a', '1111')], ['off after back']],
    ['a time that is no longer so', [off(11, 'a', '1111', '12:00'), back(31, 'a', '1111')], ['old time']],
    ['a time that is past', [off(25, 'b', '2222', '10:20'), back(41, 'b', '2222')], ['past time']],
    ['a time of nobody', [off(1, 'a', '1111', '12:30'), back(31, 'a', '1111')], ['never said']],
    ['a time before it was said', [off(1, 'a', '1111', '14:00'), back(31, 'a', '1111')], ['never said']],
    ['back, to who was told nothing', [back(31, 'a', '1111')], ['back untold']],
    ['back, of another account', [off(1, 'both', '4444', '10:20'), back(41, 'both', '3333')], ['back untold']],
    ['back, where it is off', [off(1, 'a', '1111', '12:00'), back(29, 'a', '1111')], ['back too soon']],
    ['off, and nothing more', [off(1, 'a', '1111', '12:00')], ['never back']],
    [
      'still off, where it is',
      [off(1, 'both', '3333', '12:00'), partly(31, 'both', '4444'), back(41, 'both', '3333')],
      [],
    ],
    [
      'still off, where it is back',
      [off(1, 'both', '3333', '12:00'), partly(41, 'both', '4444'), back(41, 'both', '3333')],
      ['off after back'],
    ],
    ['partly back, and never wholly', [off(1, 'both', '3333', '12:00'), partly(31, 'both', '4444')], ['never back']],
    [
      'a bill before its payment',
      [bill(1, 'bill.due', 'bill of Rs 9'), bill(2, 'payment.owed', 'payment of Rs 9')],
      [],
    ],
    [
      'a bill after its payment',
      [bill(1, 'payment.owed', 'payment of Rs 9'), bill(2, 'bill.due', 'bill of Rs 9')],
      ['due after payment'],
    ],
  ])('%s', (_, texts, kinds) => {
    expect(findUntruths(texts, PEOPLE, [NORTH, SOUTH]).map(({ kind }) => kind)).toEqual(kinds);
  });

  test('to somebody who has no cut', () => {
    const found = findUntruths([off(1, 'elsewhere', '5555', '12:00')], PEOPLE, [NORTH]);
    expect(found.map(({ kind }) => kind)).toContain('never said');
  });

  test('is late by so much, and found by the id that the SMSC gave it', () => {
    expect(findUntruths([off(31, 'a', '1111', '14:00'), back(32, 'a', '1111')], PEOPLE, [NORTH])).toEqual([
      { kind: 'off after back', key: 'unplanned.one.en', at: at(31), id: 'a31', lateSeconds: 60 },
    ]);
  });
});

test('who has an account under a cut is concerned, and is told or not', () => {
  const texts = [off(1, 'a', '1111', '12:00'), off(2, 'a', '1111', '12:00'), back(31, 'a', '1111')];
  expect(reachOf(texts, PEOPLE, [NORTH, SOUTH])).toEqual({ concerned: 3, told: 1 });
});
