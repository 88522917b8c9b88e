import { type Book, isAbout, isWindowOf, keyOf } from './book.ts';
import type { Causes } from './causes.ts';
import { accountsOf, type Facts, type Moment, mayTell, offUntil } from './facts.ts';
import { MOBILES } from './history.ts';

/** What the design leaves untold; each is said by name and counted. */
export type Gap =
  | 'changed after the last event that reached it'
  | 'a text on its way was lost'
  | 'told by an outage of where it was before'
  | 'its state behind news of a window'
  | 'told a time that another outage outlasts'
  | 'told what news of another connection overtook'
  | 'answered a text that never left'
  | 'whether it was let go is not known';

/** What comparing came to. */
export type Found = { readonly wrong: readonly string[]; readonly gaps: readonly Gap[]; readonly compared: number };

/**
 * Compares what the handsets hold with what is true, when everything was told. `inDoubt` are mobiles of which nobody can say what they hold;
 * `isEnd`: all outages are over, and who was told off by one is told back whatever changed since.
 */
export function misses(
  book: Book,
  moments: readonly Moment[],
  causes: Causes,
  { inDoubt, isEnd }: { readonly inDoubt: ReadonlySet<string>; readonly isEnd: boolean },
): Found {
  const facts = (moments.at(-1) as Moment).facts;
  letGo(book, moments);
  const gaps: Gap[] = [];
  let compared = 0;
  const wrong = MOBILES.flatMap((mobile) => accountsOf(mobile, facts).map((account) => ({ mobile, account }))).flatMap(
    (pair) => {
      const gap = gapOf(book, pair, causes, { inDoubt, isEnd });
      if (gap === null) compared += 1;
      else gaps.push(gap);
      if (gap === 'a text on its way was lost') return [];
      const ofState = gap === null ? missesOfState(book, pair, facts) : [];
      const excuse = isEnd ? null : excuseOf(book, pair, causes);
      const isExcused = (what: string) => excuse !== null && (excuse !== WHERE_IT_WAS || what !== NOT_TOLD);
      if (excuse !== null && ofState.some(isExcused)) gaps.push(excuse);
      const both = [...ofState.filter((what) => !isExcused(what)), ...missesOfWindows(book, pair, facts, causes)];
      return both.map((what) => `${pair.mobile.slice(-4)}, a/c ${pair.account.slice(-4)}: ${what}`);
    },
  );
  return { wrong, gaps, compared };
}

function gapOf(
  { told }: Book,
  { mobile, account }: Pair,
  { changed, reached }: Causes,
  { inDoubt, isEnd }: { readonly inDoubt: ReadonlySet<string>; readonly isEnd: boolean },
): Gap | null {
  if (inDoubt.has(mobile)) return 'a text on its way was lost';
  const known = told.get(keyOf(mobile, account))?.kind;
  if (known === 'unknown') return 'whether it was let go is not known';
  if (isEnd && known === 'off') return null;
  return (changed.get(account) ?? -1) >= (reached.get(account) ?? -1)
    ? 'changed after the last event that reached it'
    : null;
}

/** Why the state of a connection may not be told: asked only where it was not. */
function excuseOf({ latestWindow }: Book, { mobile, account }: Pair, { reached, moved }: Causes): Gap | null {
  const isOfWindow = (latestWindow.get(mobile) ?? -1) >= Math.floor(reached.get(account) ?? 0);
  if (isOfWindow) return 'its state behind news of a window';
  return moved.has(account) ? WHERE_IT_WAS : null;
}
const WHERE_IT_WAS = 'told by an outage of where it was before';
const NOT_TOLD = 'is off, and was not told';

type Pair = { readonly mobile: string; readonly account: string };

function missesOfState(book: Book, { mobile, account }: Pair, facts: Facts): string[] {
  const told = book.told.get(keyOf(mobile, account));
  const until = offUntil(account, facts);
  if (until === null) return told?.kind === 'off' ? ['is on, and was told off last'] : [];
  if (told?.kind !== 'off') return [told === undefined ? NOT_TOLD : 'is off, and was told back last'];
  return until <= Date.now() || told.untils.some((one) => isAbout(one, until))
    ? []
    : ['is back at another time than it was told'];
}

function missesOfWindows(book: Book, { mobile, account }: Pair, facts: Facts, causes: Causes): string[] {
  return [...facts.outages.values()].flatMap((outage) => {
    if ((causes.changed.get(account) ?? -1) >= (causes.reachedBy.get(keyOf(account, outage.id)) ?? -1)) return [];
    const told = book.windows.get(keyOf(mobile, account, outage.id));
    if (told?.isSure === false) return [];
    const isTrue = isWindowOf(account, outage, facts);
    if (!isTrue && (told === undefined || outage.status === 'open' || outage.status === 'restored')) return [];
    const isAsTold = isTrue && told?.startsAt === outage.startsAt && isAbout(told.until, outage.until);
    if (isAsTold) return [];
    if (!isTrue) return ['was told of a window that is gone'];
    return [told === undefined ? 'was not told of a window' : 'was not told of another window'];
  });
}

/** Who could not be told when supply came back: what was told before is over some time or other. */
function letGo({ told }: Book, moments: readonly Moment[]): void {
  for (const [key, one] of told) {
    const [mobile = '', account = ''] = key.split('/');
    const isOver = moments.some(
      ({ facts, to }) => to >= one.at && !mayTell(mobile, account, facts) && offUntil(account, facts) === null,
    );
    if (one.kind === 'off' && isOver) told.set(key, { ...one, kind: 'unknown' });
  }
}
