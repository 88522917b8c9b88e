import type { Connection, People } from './people.ts';
import type { SentText } from './text-log.ts';

/** What was said of a cut at one moment. Instants are milliseconds since 1970. */
export type Word = {
  /** Before it was asked to be said, when that was answered, and when the notifier heard of it. */
  readonly askedAt: number;
  readonly saidAt: number;
  readonly heardAt: number;
};

/** A cut as the control room said it. */
export type Cut = {
  readonly id: string;
  readonly nodes: readonly string[];
  /** The times at which supply was expected back, in the order in which they were said. */
  readonly times: readonly (Word & { readonly until: number })[];
  readonly restored: Word;
};

/** How a text can be false when it passes, or be missing. */
export type UntruthKind =
  /** Supply is off, or is expected back, when the notifier had heard that it is back. */
  | 'off after back'
  /** A return time, when the notifier had heard of another. */
  | 'old time'
  /** A return time that is past. */
  | 'past time'
  /** A time that nobody said, or a cut to somebody who has none. */
  | 'never said'
  /** Supply is back, to somebody who was not told that it is off. */
  | 'back untold'
  /** Supply is back, where it is off. */
  | 'back too soon'
  /** Supply is off, and never that it is back. */
  | 'never back'
  /** A bill is due, to somebody who was told that it is paid. */
  | 'due after payment';

/** A text that was false when it passed; `lateSeconds` is since when the notifier had known better, 0 where that says nothing. */
export type Untruth = {
  readonly kind: UntruthKind;
  readonly key: string;
  readonly at: number;
  readonly id: string | undefined;
  readonly lateSeconds: number;
};

const SECOND_MS = 1_000;
const INDIA_MS = 5.5 * 3_600_000;
/** Families of approved texts: what says that supply is off, of these what names a time, and what says that it is back. */
const OFF = new Set(['unplanned', 'untimed', 'estimate', 'complaint-answered']);
const TIMED = new Set(['unplanned', 'estimate', 'complaint-answered']);
const BACK = new Set(['restored', 'partly']);
/** The texts say accounts by their last digits. */
const ACCOUNT = /(?:खाता|a\/c) (\d{1,4})\b/i;
const NAMED_TIME = /(\d\d)-(\d\d) (\d\d:\d\d)/;

/** The first word of the key of an approved text. */
export function familyOf({ key }: Pick<SentText, 'key'>): string {
  return key.split('.')[0] ?? key;
}

/** The last digits of the account that a text names; null when it names none. */
export function accountIn({ text }: Pick<SentText, 'text'>): string | null {
  return ACCOUNT.exec(text)?.[1] ?? null;
}

/** Judges each text that passed by the cuts, at the moment at which its first part did. `texts` are in the order of these moments. */
export function findUntruths(texts: readonly SentText[], people: People, cuts: readonly Cut[]): Untruth[] {
  const cutOf = new Map(cuts.flatMap((cut) => cut.nodes.map((node) => [node, cut] as const)));
  const told = new Map<string, Told>();
  const paid = new Set<string>();
  const found: Untruth[] = [];
  for (const text of texts) {
    const family = familyOf(text);
    const named = cutsOf(namedBy(text, people.get(text.mobile) ?? []), cutOf);
    if (OFF.has(family)) {
      found.push(...judgeOff(text, named), ...(TIMED.has(family) ? judgeTime(text, named) : []));
      const before = told.get(text.mobile)?.off ?? new Set();
      told.set(text.mobile, { off: before.add(accountIn(text)), latest: text });
    } else if (BACK.has(family)) {
      const before = told.get(text.mobile);
      if (before === undefined || !wasToldOff(text, before)) found.push(untruth('back untold', text));
      found.push(...(family === 'partly' ? judgeOff(text, named) : judgeBack(text, named)));
      if (before !== undefined && family === 'restored') told.set(text.mobile, { ...before, latest: text });
    } else {
      const account = `${text.mobile}/${accountIn(text)}`;
      if (family === 'payment') paid.add(account);
      if (text.key.startsWith('bill.due') && paid.has(account)) found.push(untruth('due after payment', text));
    }
  }
  const left = [...told.values()].filter(({ latest }) => familyOf(latest) !== 'restored');
  return [...found, ...left.map(({ latest }) => untruth('never back', latest))];
}

/** What a mobile was told of cuts: the accounts that were named as off, null among them where none was; and the latest of it, partly back aside. */
type Told = { readonly off: Set<string | null>; readonly latest: SentText };

/** A text that names no account speaks of several, and who is partly back hears of the account that is not. */
function wasToldOff(text: SentText, { off }: Told): boolean {
  const account = accountIn(text);
  return account === null || familyOf(text) === 'partly' || off.has(account) || off.has(null);
}

/** How many mobiles have an account under a cut, and how many of them were told so. */
export function reachOf(
  texts: readonly SentText[],
  people: People,
  cuts: readonly Cut[],
): { readonly concerned: number; readonly told: number } {
  const nodes = new Set(cuts.flatMap((cut) => cut.nodes));
  const concerned = [...people.values()].filter((all) => all.some(({ node }) => nodes.has(node))).length;
  return { concerned, told: new Set(texts.filter((text) => OFF.has(familyOf(text))).map(({ mobile }) => mobile)).size };
}

function untruth(kind: UntruthKind, { key, at, ids: [id] }: SentText, lateMs = 0): Untruth {
  return { kind, key, at, id, lateSeconds: lateMs / SECOND_MS };
}

function judgeOff(text: SentText, cuts: readonly Cut[]): Untruth[] {
  if (!cuts.some(({ times: [first] }) => first !== undefined && first.askedAt <= text.at))
    return [untruth('never said', text)];
  // Negative while one of them stands.
  const lateMs = Math.min(...cuts.map(({ restored }) => text.at - restored.heardAt));
  return lateMs > 0 ? [untruth('off after back', text, lateMs)] : [];
}

function judgeTime(text: SentText, cuts: readonly Cut[]): Untruth[] {
  const said = cuts.flatMap(({ times }) =>
    times.map(({ until, askedAt }, n) => ({ until, askedAt, over: times[n + 1]?.heardAt ?? Number.POSITIVE_INFINITY })),
  );
  const meant = said.filter(({ until, askedAt }) => clockOf(until) === clockIn(text) && askedAt <= text.at);
  if (meant.length === 0) return [untruth('never said', text)];
  const lateMs = Math.min(...meant.map(({ over }) => text.at - over));
  const pastMs = Math.min(...meant.map(({ until }) => text.at - until));
  return [
    ...(lateMs > 0 ? [untruth('old time', text, lateMs)] : []),
    ...(pastMs > 0 ? [untruth('past time', text, pastMs)] : []),
  ];
}

/** A cut is off from when the notifier heard of it until somebody begins to say that it is over. */
function judgeBack(text: SentText, cuts: readonly Cut[]): Untruth[] {
  const isOff = ({ times: [first], restored }: Cut): boolean =>
    first !== undefined && first.heardAt <= text.at && text.at < restored.askedAt;
  return cuts.some(isOff) ? [untruth('back too soon', text)] : [];
}

function namedBy(text: SentText, all: readonly Connection[]): readonly Connection[] {
  const digits = accountIn(text);
  return digits === null ? all : all.filter(({ account }) => account.endsWith(digits));
}

function cutsOf(connections: readonly Connection[], cutOf: ReadonlyMap<string, Cut>): readonly Cut[] {
  return connections.flatMap(({ node }) => cutOf.get(node) ?? []);
}

function clockIn({ text }: SentText): string {
  const [, day, month, clock] = NAMED_TIME.exec(text) ?? [];
  return `${day}-${month} ${clock}`;
}

/** A moment as a text writes it. */
function clockOf(at: number): string {
  const inIndia = new Date(at + INDIA_MS).toISOString();
  return `${inIndia.slice(8, 10)}-${inIndia.slice(5, 7)} ${inIndia.slice(11, 16)}`;
}
