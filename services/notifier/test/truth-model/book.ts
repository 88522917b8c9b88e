import {
  accountsOf,
  type Facts,
  feeds,
  homeOf,
  type Moment,
  mayTell,
  type Outage,
  offUntil,
  offUntils,
} from './facts.ts';
import { type News, newsOf, saysEnd, saysStart } from './handset.ts';
import type { Delivery } from './provider.ts';

/** What a mobile was told of one connection; `unknown`: whether it still holds, or was meant, is another's question. */
export type Told = {
  readonly kind: 'off' | 'on' | 'unknown';
  readonly untils: readonly number[];
  readonly at: number;
  /** By a text that names no connection: another one may be meant, too. */
  readonly isByMany?: boolean;
};
export type ToldWindow = { readonly startsAt: number; readonly until: number; readonly isSure: boolean };
/** What the handsets hold, read text by text. */
export type Book = {
  readonly told: Map<string, Told>;
  readonly windows: Map<string, ToldWindow>;
  /** The step in which a mobile last heard of a window. */
  readonly latestWindow: Map<string, number>;
  readonly latestText: Map<string, { readonly text: string; readonly at: number }>;
};

export function openBook(): Book {
  return {
    told: new Map(),
    windows: new Map(),
    latestWindow: new Map(),
    latestText: new Map(),
  };
}
export function keyOf(...parts: readonly string[]): string {
  return parts.join('/');
}

const THRESHOLD_MS = 30 * 60_000;
export function isAbout(one: number, other: number): boolean {
  return Math.abs(one - other) <= THRESHOLD_MS;
}

/** A text with what was true when it was made: one of `facts`, the latest of `moments`. */
type Reading = {
  readonly moments: readonly Moment[];
  readonly news: News;
  readonly mobile: string;
  readonly at: number;
  readonly facts: readonly Facts[];
  /** Connections that it may be about. */
  readonly about: readonly string[];
};

/**
 * Enters a text in the book. `present` are the moments in which it may have been made, `untils` all return times that there were, `moments` all
 * that were until then.
 * @returns what is wrong with it, or null.
 */
export function enter(
  book: Book,
  { mobile, message, at }: Delivery,
  present: readonly Moment[],
  untils: readonly number[],
  moments: readonly Moment[],
): string | null {
  const news = newsOf(message);
  const facts = present.map((moment) => moment.facts);
  const tellable = [...new Set(facts.flatMap((f) => accountsOf(mobile, f)))];
  const about = tellable.filter((account) => news.account === null || account.endsWith(news.account));
  if (tellable.length === 0) return 'goes to one who may not be told';
  if (news.family === 'partly') return enterPartly(book, { news, mobile, at, facts, moments, about: tellable });
  if (about.length === 0) return 'is about a connection of which this mobile may not be told';
  const reading = { news, mobile, at, facts, moments, about };
  switch (news.family) {
    case 'off':
    case 'untimed':
    case 'new-time':
      return enterOff(book, reading, new Set(untils.filter((until) => saysEnd(news, until))));
    case 'back':
      return enterBack(book, reading);
    case 'no-window':
      return enterNoWindow(book, reading);
    default:
      return enterWindow(book, reading);
  }
}

/** Forgets what a mobile was told: nobody can say what it takes for its latest word. */
export function forget(book: Book, mobile: string): void {
  for (const [key, told] of book.told)
    if (key.startsWith(keyOf(mobile, ''))) book.told.set(key, { ...told, kind: 'unknown' });
  for (const [key, told] of book.windows)
    if (key.startsWith(keyOf(mobile, ''))) book.windows.set(key, { ...told, isSure: false });
}

/** Only restorations wait until newer news that meet them are judged: a time may be told that a newer outage has moved (a known gap). */
export const OUTDONE = 'says the time of an outage that another one outlasts';

function enterOff(book: Book, { news, mobile, at, facts, about }: Reading, said: ReadonlySet<number>): string | null {
  // One text says one time: those of another time hear another text.
  const isMeant = (account: string, f: Facts) => said.has(offUntil(account, f) ?? Number.NaN);
  const since = from(facts, (f) => about.some((account) => isMeant(account, f)));
  const outdone = about.filter((account) => facts.some((f) => offUntils(account, f).some((until) => said.has(until))));
  if (since.length === 0 && outdone.length > 0) {
    for (const account of outdone) book.told.set(keyOf(mobile, account), { kind: 'off', untils: [...said], at });
    return OUTDONE;
  }
  if (since.length === 0)
    return about.some((account) => facts.some((f) => offUntil(account, f) !== null))
      ? 'says a time that is none'
      : NONE_IS_OFF;
  const meant = about.filter((account) => since.some((f) => isMeant(account, f)));
  const mayBeOff = (account: string) => ['off', 'unknown'].includes(book.told.get(keyOf(mobile, account))?.kind ?? '');
  if (news.family === 'new-time' && !meant.some(mayBeOff)) return 'says a new time to one who was not told off';
  for (const account of meant) {
    const isSure = news.account !== null || since.every((f) => isMeant(account, f) && mayTell(mobile, account, f));
    if (isSure) book.told.set(keyOf(mobile, account), { kind: 'off', untils: [...said], at });
    else mayHaveBeenTold(book, { mobile, account, at, since }, [...said]);
  }
  // A text that names none may have been made for one whose time has moved a little since, or whom another outage keeps off longer since.
  const mayBeMeant = (account: string, f: Facts) =>
    outdone.includes(account) || [...said].some((until) => isAbout(until, offUntil(account, f) ?? Number.NaN));
  for (const account of news.account === null ? about : [])
    if (!meant.includes(account) && since.some((f) => mayBeMeant(account, f)))
      mayHaveBeenTold(book, { mobile, account, at, since }, [...said]);
  return null;
}

/** A text may have told that a connection is off, or not: who was told so before was told so all the same, only the time is in doubt. */
function mayHaveBeenTold(
  { told }: Book,
  {
    mobile,
    account,
    at,
    since,
  }: { readonly mobile: string; readonly account: string; readonly at: number; readonly since: readonly Facts[] },
  untils: readonly number[],
): void {
  const key = keyOf(mobile, account);
  const known = told.get(key);
  const isStillOff = known?.kind === 'off' && since.every((f) => mayTell(mobile, account, f));
  told.set(key, {
    kind: isStillOff ? 'off' : 'unknown',
    untils: [...untils, ...(isStillOff ? known.untils : [])],
    at,
  });
}

/** What is wrong unless another outage's run says it: what waits there stops when the newer news that meet it are judged (a known gap). */
export const NONE_IS_OFF = 'says off, and none is';

/** What is wrong only where the mobile heard nothing before: a text may be in doubt that never left. */
export const UNTOLD: ReadonlySet<string> = new Set([
  'says back to one who was not told off',
  'says that others are back, and none is',
  'takes back a window that was not told',
]);

/** Supposes that a mobile was told of what a text is about. */
export function suppose(book: Book, { mobile, message, at }: Delivery, present: readonly Moment[]): void {
  const { account: named, family } = newsOf(message);
  for (const account of new Set(present.flatMap(({ facts }) => accountsOf(mobile, facts)))) {
    const key = keyOf(mobile, account);
    // A text of a connection that is off yet names that one.
    const isMeant = named === null || family === 'partly' || account.endsWith(named);
    if (isMeant && (book.told.get(key)?.kind ?? 'on') === 'on') book.told.set(key, { kind: 'unknown', untils: [], at });
  }
}

function enterBack(book: Book, { news, mobile, at, facts, moments, about }: Reading): string | null {
  const told = about.filter((account) => {
    const known = book.told.get(keyOf(mobile, account));
    return known !== undefined && (known.kind !== 'on' || known.isByMany === true);
  });
  if (told.length === 0) return 'says back to one who was not told off';
  const isOn = (account: string, f: Facts) => offUntil(account, f) === null;
  const since = from(facts, (f) => told.some((account) => isOn(account, f)));
  if (since.length === 0) return 'says back, and none is';
  const isAllOn = since.some((f) => accountsOf(mobile, f).every((account) => isOn(account, f)));
  if (!isAllOn && !isOvertaken(moments, told, accountsOf(mobile, since.at(-1) as Facts)))
    return 'says back while another connection of the mobile is off';
  for (const account of told) {
    if (!since.some((f) => isOn(account, f))) continue;
    const isSure = news.account !== null || since.every((f) => isOn(account, f) && mayTell(mobile, account, f));
    const isByMany = news.account === null;
    book.told.set(keyOf(mobile, account), { kind: isSure ? 'on' : 'unknown', untils: [], at, isByMany });
  }
  return isAllOn ? null : OVERTAKEN;
}

/**
 * Newer news of another connection do not change a text that waits and says back: they are told next, for they judge no connection but those of
 * their own scope (a known gap).
 */
export const OVERTAKEN = 'says what newer news of another connection overtook';

/** Whether the others of a mobile are off since a later moment than the last in which one of these came back. */
function isOvertaken(moments: readonly Moment[], these: readonly string[], each: readonly string[]): boolean {
  const latest = moments.at(-1)?.facts;
  if (latest === undefined) return false;
  const isOff = (account: string, f: Facts) => offUntil(account, f) !== null;
  const since = (account: string): number =>
    moments.findLastIndex(({ facts }) => isOff(account, facts) !== isOff(account, latest));
  const cameBack = Math.max(...these.filter((one) => !isOff(one, latest)).map(since));
  const wentOff = each.filter((one) => isOff(one, latest)).map(since);
  return wentOff.length > 0 && wentOff.every((at) => at > cameBack);
}

function enterPartly(book: Book, { news, mobile, at, facts, about }: Reading): string | null {
  const ofMobile = (f: Facts) =>
    f.homes.filter(({ contacts }) => contacts.some((one) => one.mobile === mobile)).map(({ account }) => account);
  const isOff = (account: string, f: Facts) => offUntil(account, f) !== null;
  const isNamed = (account: string) => news.account === null || account.endsWith(news.account);
  const since = from(facts, (f) => ofMobile(f).some((account) => isNamed(account) && isOff(account, f)));
  const isTold = (account: string) => (book.told.get(keyOf(mobile, account))?.kind ?? 'on') !== 'on';
  if (since.length === 0) return 'says that one is still off, and it is not';
  const back = about.filter((account) => isTold(account) && since.some((f) => !isOff(account, f)));
  if (back.length === 0) return 'says that others are back, and none is';
  // Which of the others this text is of it does not say: another may be told of by its own run.
  for (const account of back) {
    const isSure = back.length === 1 && since.every((f) => !isOff(account, f) && mayTell(mobile, account, f));
    book.told.set(keyOf(mobile, account), { kind: isSure ? 'on' : 'unknown', untils: [], at });
  }
  const off = about.filter((account) => !back.includes(account) && since.some((f) => isOff(account, f)));
  for (const account of about) {
    const untils = since.flatMap((f) => offUntil(account, f) ?? []);
    if (untils.length === 0 || back.includes(account) || (news.account !== null && !isNamed(account))) continue;
    // Of those that are off it says that there are some: where there are several, one of whom nothing was said before may not be among them.
    const isOnly = off.length === 1 && since.every((f) => isOff(account, f));
    const isMeant = news.account !== null || isOnly || book.told.get(keyOf(mobile, account))?.kind === 'off';
    const isSure = isMeant && untils.length === since.length && since.every((f) => mayTell(mobile, account, f));
    book.told.set(keyOf(mobile, account), { kind: isSure ? 'off' : 'unknown', untils, at });
  }
  return null;
}

function enterWindow(book: Book, { news, mobile, facts, about }: Reading): string | null {
  const saidIn = (account: string, f: Facts): Outage[] =>
    [...f.outages.values()].filter(
      (outage) =>
        isWindowOf(account, outage, f) &&
        mayTell(mobile, account, f) &&
        saysStart(news, outage.startsAt) &&
        saysEnd(news, outage.until),
    );
  const since = from(facts, (f) => about.some((account) => saidIn(account, f).length > 0));
  if (since.length === 0) return 'tells a window that is none';
  for (const account of about) {
    for (const { id, startsAt, until } of since.flatMap((f) => saidIn(account, f))) {
      const isSure = news.account !== null || since.every((f) => saidIn(account, f).some((outage) => outage.id === id));
      book.windows.set(keyOf(mobile, account, id), { startsAt, until, isSure });
    }
  }
  return null;
}

function enterNoWindow(book: Book, { news, mobile, facts, about }: Reading): string | null {
  const ofAbout = about.flatMap((account) =>
    [...book.windows].filter(
      ([key, { startsAt }]) => key.startsWith(keyOf(mobile, account, '')) && saysStart(news, startsAt),
    ),
  );
  // Of several that were told nearly the same it says what one was told.
  const heard = ofAbout.some(([, { until }]) => saysEnd(news, until)) ? ofAbout : [];
  if (heard.length === 0) return 'takes back a window that was not told';
  const stands = (key: string, f: Facts) => {
    const [, account = '', outageId = ''] = key.split('/');
    return isWindowOf(account, f.outages.get(outageId), f);
  };
  const gone = heard.filter(([key]) => facts.some((f) => !stands(key, f)));
  if (gone.length === 0) return 'takes back a window that stands';
  for (const [key, told] of gone) {
    if (news.account !== null || facts.every((f) => !stands(key, f))) book.windows.delete(key);
    else book.windows.set(key, { ...told, isSure: false });
  }
  return null;
}

/** The facts from the first of which a text may have been made: it cannot come before what it says. */
function from(facts: readonly Facts[], holds: (f: Facts) => boolean): readonly Facts[] {
  const first = facts.findIndex(holds);
  return first === -1 ? [] : facts.slice(first);
}

/** Whether an outage is work to come for a connection. */
export function isWindowOf(account: string, outage: Outage | undefined, facts: Facts): boolean {
  const home = homeOf(account, facts);
  return outage?.status === 'announced' && home !== null && feeds(outage, home.node, facts);
}
