import { expect, test } from '@jest/globals';
import { type Arrival, arrived, longestSilence, mostInASecond, timesByMobile } from './smsc-log.ts';

const at = (ms: number, mobile = 'a', status: number | null = 0): Arrival => ({
  mobile,
  family: 'unplanned',
  text: '',
  at: ms,
  status,
});

test('what was refused did not arrive, what was not answered may have', () => {
  const [taken, refused, unanswered] = [at(0), at(1, 'b', 0x58), at(2, 'c', null)];

  expect(arrived([taken, refused, unanswered])).toEqual([taken, unanswered]);
});

test('a mobile is counted as often as it was told', () => {
  expect(timesByMobile([at(0), at(1, 'b'), at(2)])).toEqual(
    new Map([
      ['a', 2],
      ['b', 1],
    ]),
  );
});

test('a second may begin at any text, and does not have the one that comes when it is over', () => {
  expect(mostInASecond([at(0), at(600), at(999), at(1_500), at(1_599), at(1_600), at(9_000)])).toBe(4);
  expect(mostInASecond([at(0), at(1_000)])).toBe(1);
  expect(mostInASecond([])).toBe(0);
});

test('the longest silence lies between two texts', () => {
  expect(longestSilence([at(0), at(10), at(300), at(310)])).toBe(290);
  expect(longestSilence([])).toBe(0);
});
