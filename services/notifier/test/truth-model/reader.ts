import { type Book, enter, forget, keyOf, NONE_IS_OFF, openBook, OUTDONE, OVERTAKEN, suppose, UNTOLD } from './book.ts';
import type { Causes } from './causes.ts';
import type { Doubt, Known } from './doubts.ts';
import { accountsOf, type Moment } from './facts.ts';
import { type News, newsOf } from './handset.ts';
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
  read(now: number, untils: readonly number[]): Promise<void>;
  /** Everything was told: what comes from now on is of later facts. */
  rest(): void;
  /** A process died: what it wrote may come twice. */
  fault(): void;
  begin(outageId: string): void;
};

/** Opens a reader; `ledger` is asked where what a handset holds does not decide. */
export function openReader(
  world: World,
  causes: Causes,
  provider: Pick<Provider, 'log'>,
  ledger: Known,
  presentMs: number = PRESENT_MS,
): Reader {
  const book = openBook();
  const [wrong, texts]: [string[], string[]] = [[], []];
  /** Texts that nobody answered and that did not come. */
  const lost = new Map<string, Set<string>>();
  const mayComeAgain = new Set<string>();
  const gaps: Gap[] = [];
  const families = new Set<string>();
  let [done, firstNew] = [0, 0];

  const presentOf = (at: number): Moment[] =>
    world.moments.filter(({ from, to }, n) => n >= firstNew && from <= at && to >= at - presentMs);

  /** Notes what became of a text that did not come, or may come again. @returns whether it came. */
  function hasCome({ mobile, became }: Delivery, octets: string, now: number): boolean {
    if (became === 'unanswered') mayComeAgain.add(keyOf(mobile, octets));
    if (became === 'delivered' || became === 'unanswered') return true;
    if (became === 'refused') {
      causes.refuse(mobile, world.facts(), now);
      forget(book, mobile);
    } else lost.set(mobile, (lost.get(mobile) ?? new Set()).add(octets));
    texts.push(`${now + 1}. ${mobile.slice(-4)} ${became}`);
    return false;
  }
  /** Whether a text comes once more since nobody answered, and is still the latest: then it says nothing new. */
  function comesAgain(mobile: string, octets: string): boolean {
    const ofMobile = lost.get(mobile);
    if (ofMobile?.delete(octets) === true) {
      if (ofMobile.size === 0) lost.delete(mobile);
      return false;
    }
    return mayComeAgain.delete(keyOf(mobile, octets)) && book.latestText.get(mobile)?.text === octets;
  }

  /** What is wrong with a text, when what only the ledger knows is known too. */
  async function again(
    problem: string,
    news: News,
    { delivery, present, enterIt }: { delivery: Delivery; present: readonly Moment[]; enterIt(): string | null },
  ): Promise<string | null> {
    const { account, family } = news;
    const { mobile } = delivery;
    if (problem === NONE_IS_OFF && (await ledger.isOfAnotherOutage({ mobile, account }))) {
      suppose(book, delivery, present);
      return OVERTAKEN;
    }
    if (!UNTOLD.has(problem) || !(await ledger.isInDoubt({ mobile, account, kinds: kindsOf(news) }))) return problem;
    gaps.push('answered a text that never left');
    suppose(book, delivery, present);
    return family === 'no-window' ? null : enterIt();
  }
  async function enterOne(delivery: Delivery, now: number, untils: readonly number[]): Promise<void> {
    const { mobile, at, message, became } = delivery;
    const octets = octetsOf(message);
    const isRepeat = (became === 'delivered' || became === 'unanswered') && comesAgain(mobile, octets);
    if (!hasCome(delivery, octets, now)) return;
    const news = newsOf(message);
    const { text, account, family } = news;
    const words = `${now + 1}. ${mobile.slice(-4)}: ${text}`;
    texts.push(words);
    const known = book.latestText.get(mobile);
    book.latestText.set(mobile, { text: octets, at: now });
    families.add(family);
    if (WINDOWS.has(family)) book.latestWindow.set(mobile, now);
    const present = presentOf(at);
    const until = world.moments.slice(0, world.moments.indexOf(present.at(-1) as Moment) + 1);
    const enterIt = () => enter(book, delivery, present, untils, until);
    const first = enterIt();
    const problem = first === null || isRepeat ? first : await again(first, news, { delivery, present, enterIt });
    if (isRepeat) return;
    const isTwice = known?.text === octets && account !== null && !hasChangedSince(known.at);
    const found = [...(problem === null ? [] : [problem]), ...(isTwice ? ['came twice'] : [])];
    const hasMoved = accountsOf(mobile, world.facts()).some((one) => causes.moved.has(one));
    for (const what of found) {
      if (hasMoved && (what === 'came twice' || what.includes('was not told off')))
        gaps.push('told by an outage of where it was before');
      else if (what === OUTDONE) gaps.push('told a time that another outage outlasts');
      else if (what === OVERTAKEN) gaps.push('told what news of another connection overtook');
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
    async read(now, untils) {
      while (done < provider.log.length) {
        done += 1;
        await enterOne(provider.log[done - 1] as Delivery, now, untils);
      }
    },
    rest: () => {
      firstNew = world.moments.length;
    },
    fault: () => {
      for (const { mobile, message, became } of provider.log)
        if (became === 'delivered') mayComeAgain.add(keyOf(mobile, octetsOf(message)));
    },
    begin(outageId) {
      for (const [key, { until, isSure }] of book.windows) {
        const [mobile = '', account = '', id] = key.split('/');
        if (id !== outageId) continue;
        book.windows.delete(key);
        const pair = keyOf(mobile, account);
        const known = book.told.get(pair);
        // Who was told back since is told off by the work, or not, as its start is told or not (a known gap).
        const kind = isSure && (known === undefined || known.kind === 'off') ? 'off' : 'unknown';
        book.told.set(pair, { kind, untils: [until, ...(known?.untils ?? [])], at: performance.now() });
      }
    },
  };
}

/**
 * What is in doubt is told anew, also what is told back; a window that was told and has begun says that it is off.
 */
const kindsOf = ({ family }: News): Doubt['kinds'] =>
  family === 'no-window' ? ['window', 'no-window'] : ['off', 'on', 'window'];
const octetsOf = ({ parts }: Delivery['message']): string => parts.map((part) => part.toString('hex')).join();
const WINDOWS: ReadonlySet<string> = new Set(['window', 'other-window', 'no-window']);
