import type { Random } from './random.ts';

/** A mobile number, ten digits, and on how many connections its owner gave it. */
export type Mobile = { readonly number: string; readonly language: 'hi' | 'en'; readonly connections: number };

const hindiShare = 0.8;
const sharedEvery = 25; // with two of 25 shared, 8 % are
const mostConnections = 40;
const skew = 7; // most shared mobiles are on two or three connections, a few on many

/**
 * Makes mobiles until they are on so many connections together. Of each 25 two are on 2 to 40 connections, the first of all on 40.
 * One mobile is one person, so it has one language.
 */
export function makeMobiles(random: Random, connections: number): Mobile[] {
  const mobiles: Mobile[] = [];
  const taken = new Set<string>();
  let left = connections;
  while (left > 0) {
    const wanted = howMany(random, mobiles.length);
    const on = Math.min(wanted, left);
    mobiles.push({ number: newNumber(random, taken), language: pickLanguage(random), connections: on });
    left -= on;
  }
  return mobiles;
}

/** Draws a person's language. */
export function pickLanguage(random: Random): 'hi' | 'en' {
  return random.fraction() < hindiShare ? 'hi' : 'en';
}

function howMany(random: Random, index: number): number {
  if (index === 0) return mostConnections;
  const shared = index % sharedEvery === 0 || index % sharedEvery === 12;
  return shared ? 2 + Math.floor((mostConnections - 1) * random.fraction() ** skew) : 1;
}

// The simulator answers these numbers in special ways (sms-simulator's README), so nobody has them.
const magic = /^999990000[1-5]$/;

function newNumber(random: Random, taken: Set<string>): string {
  for (;;) {
    const number = String(random.integer(6_000_000_000, 9_999_999_999));
    if (taken.has(number) || magic.test(number) || isOneDigit(number)) continue;
    taken.add(number);
    return number;
  }
}

const isOneDigit = (number: string): boolean => new Set(number).size === 1;

/** Writes a number in one of the forms in which people write theirs. */
export function asWritten(random: Random, number: string): string {
  const [front, back] = [number.slice(0, 5), number.slice(5)];
  return random.weighted([
    [number, 52],
    [`0${number}`, 10],
    [`+91 ${number}`, 6],
    [`+91${number}`, 5],
    [`91${number}`, 5],
    [`${front} ${back}`, 6],
    [`${number.slice(0, 3)}-${number.slice(3, 6)}-${number.slice(6)}`, 3],
    [inDevanagari(number), 5],
    [`${number}.0`, 2],
    [`0091${number}`, 1],
    [`(${front}) ${back}`, 1],
    [`\u202a+91 ${front} ${back}\u202c`, 2],
    [`Mob. ${number}`, 1],
    [`+91 (0) ${number}`, 1],
  ]);
}

const inDevanagari = (number: string): string => [...number].map((digit) => '०१२३४५६७८९'[Number(digit)]).join('');

/** Writes something in the number's place that is no mobile number, as found on real forms. */
export function malformed(random: Random): string {
  const digits = (count: number, first: number): string =>
    `${first}${Array.from({ length: count - 1 }, () => random.integer(0, 9)).join('')}`;
  return random.pick([
    digits(9, 9),
    digits(11, 8),
    digits(10, random.integer(1, 5)),
    '9999999999',
    '8888888888',
    '9.87E+09',
    'NA',
    'no mobile',
    `${digits(10, 5)}/${digits(10, 8)}`,
  ]);
}
