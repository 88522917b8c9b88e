import { type Book, enter, forget, keyOf, openBook } from './book.ts';
import type { Causes } from './causes.ts';
import { accountsOf, type Moment } from './facts.ts';
import { newsOf } from './handset.ts';
import type { Delivery, Provider } from './provider.ts';
import type { Gap } from './standing.ts';
import type { World } from './world.ts';

/** What was false for longer than this when it was written should not have been written: two seconds, and what a busy machine adds. */
const PRESENT_MS = 4_000;

/** Reads what comes to the handsets, in its order. */
export type Reader = {
  readonly book: Book;
  readonly wrong: string[];
  /** Every text in words, with the step after which it was read. */
  readonly texts: string[];
  readonly gaps: readonly Gap[];
  /** The kinds of news that came. */
  readonly families: ReadonlySet<string>;
  inDoubt(): ReadonlySet<string>;
  read(now: number, untils: readonly number[]): void;
  /** Everything was told: what comes from now on is of later facts. */
  rest(): void;
  /** A process died: what it wrote may come twice. */
  fault(): void;
  halt(isHalted: boolean): void;
  begin(outageId: string): void;
};

export function openReader(world: World, causes: Causes, provider: Provider): Reader {
  const book = openBook();
  const [wrong, texts]: [string[], string[]] = [[], []];
  /** Texts that nobody answered and that did not come, with what the mobile had heard before. */
  const lost = new Map<string, Map<string, string | undefined>>();
  const mayComeAgain = new Set<string>();
  const gaps: Gap[] = [];
  const families = new Set<string>();
  const halts: { from: number; to: number }[] = [];
  let [done, firstNew] = [0, 0];

  /** Time without that in which sending was stopped: what was expanded before is not judged again (a known gap). */
  const sentTime = (at: number): number =>
    at - halts.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(at, to) - from), 0);
  const presentOf = (at: number): Moment[] =>
    world.moments.filter(
      ({ from, to }, n) => n >= firstNew && from <= at && (to > at || sentTime(to) >= sentTime(at) - PRESENT_MS),
    );

  const isBehind = (mobile: string, octets: string | undefined): boolean =>
    book.latestText.get(mobile)?.text !== octets;

  /** Notes what became of a text that did not come, or may come again. @returns whether it came. */
  function hasCome({ mobile, became }: Delivery, octets: string, now: number): boolean {
    if (became === 'unanswered') mayComeAgain.add(keyOf(mobile, octets));
    if (became === 'delivered' || became === 'unanswered') return true;
    if (became === 'refused') {
      causes.refuse(mobile, world.facts(), now);
      forget(book, mobile);
    } else lost.set(mobile, (lost.get(mobile) ?? new Map()).set(octets, book.latestText.get(mobile)?.text));
    texts.push(`${now + 1}. ${mobile.slice(-4)} ${became}`);
    return false;
  }
  /** Whether a text comes once more since nobody answered, and says nothing new where it does. */
  function comesAgain(mobile: string, octets: string): 'behind newer ones' | 'at once' | null {
    const ofMobile = lost.get(mobile);
    if (ofMobile?.has(octets) === true) {
      const wasBehind = isBehind(mobile, ofMobile.get(octets));
      ofMobile.delete(octets);
      if (ofMobile.size === 0) lost.delete(mobile);
      return wasBehind ? 'behind newer ones' : null;
    }
    if (!mayComeAgain.delete(keyOf(mobile, octets))) return null;
    return isBehind(mobile, octets) ? 'behind newer ones' : 'at once';
  }

  function enterOne(delivery: Delivery, now: number, untils: readonly number[]): void {
    const { mobile, at, message, became } = delivery;
    const octets = octetsOf(message);
    const isRepeat = became === 'delivered' || became === 'unanswered' ? comesAgain(mobile, octets) : null;
    if (!hasCome(delivery, octets, now)) return;
    const { text, account, family } = newsOf(message);
    const words = `${now + 1}. ${mobile.slice(-4)}: ${text}`;
    texts.push(words);
    const known = book.latestText.get(mobile);
    book.latestText.set(mobile, { text: octets, at: now });
    families.add(family);
    if (WINDOWS.has(family)) book.latestWindow.set(mobile, now);
    const problem = enter(book, delivery, presentOf(at), untils);
    if (isRepeat === 'at once') return;
    if (isRepeat === 'behind newer ones') {
      forget(book, mobile);
      book.latestText.delete(mobile);
      gaps.push('a text in doubt came again behind newer ones');
      return;
    }
    const isTwice = known?.text === octets && account !== null && !hasChangedSince(known.at);
    const found = [...(problem === null ? [] : [problem]), ...(isTwice ? ['came twice'] : [])];
    const hasMoved = accountsOf(mobile, world.facts()).some((one) => causes.moved.has(one));
    for (const what of found) {
      if (hasMoved && (what === 'came twice' || what.includes('was not told off')))
        gaps.push('told by an outage of where it was before');
      else if (!lost.has(mobile) || what.includes('may not be told')) wrong.push(`${what}: ${words}`);
    }
  }
  const hasChangedSince = (step: number): boolean => [...causes.changed.values()].some((changed) => changed >= step);

  return {
    book,
    wrong,
    texts,
    gaps,
    families,
    inDoubt: () => new Set(lost.keys()),
    read(now, untils) {
      for (; done < provider.log.length; done += 1) enterOne(provider.log[done] as Delivery, now, untils);
    },
    rest: () => {
      firstNew = world.moments.length;
    },
    fault: () => {
      for (const { mobile, message, became } of provider.log)
        if (became === 'delivered') mayComeAgain.add(keyOf(mobile, octetsOf(message)));
    },
    halt(isHalted) {
      const latest = halts.at(-1);
      const now = performance.now();
      if (isHalted && (latest === undefined || latest.to < now))
        halts.push({ from: now, to: Number.POSITIVE_INFINITY });
      else if (!isHalted && latest !== undefined && latest.to > now) latest.to = now;
    },
    begin(outageId) {
      for (const [key, { until }] of book.windows) {
        const [mobile = '', account = '', id] = key.split('/');
        if (id !== outageId) continue;
        book.windows.delete(key);
        const pair = keyOf(mobile, account);
        const known = book.told.get(pair);
        // Who was told back since is told off by the work, or not, as its start is told or not (a known gap).
        const kind = known === undefined || known.kind === 'off' ? 'off' : 'unknown';
        book.told.set(pair, { kind, untils: [until, ...(known?.untils ?? [])], at: performance.now() });
      }
    },
  };
}

const octetsOf = ({ parts }: Delivery['message']): string => parts.map((part) => part.toString('hex')).join();
const WINDOWS: ReadonlySet<string> = new Set(['window', 'other-window', 'no-window']);
