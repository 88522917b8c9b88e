import { type Spread, spreadOf } from '../figures.ts';
import type { Table } from '../report.ts';

/** Something that was said, for which texts went out. Instants are milliseconds since 1970. */
export type Cause = { readonly of: TextClass; readonly saidAt: number; readonly texts: readonly PassedText[] };

type PassedText = { readonly at: number; readonly lastAt: number; readonly parts: number };

/** Classes of texts, in the order in which they come first. */
export const textClasses = ['unplanned', 'new time', 'restored', 'planned', 'complaint', 'payment', 'bill'] as const;
export type TextClass = (typeof textClasses)[number];

/** The texts of a class: of how many causes, how many, and the seconds from each cause to its first and last text. Null where there is none. */
export type ClassRow = {
  readonly of: TextClass;
  readonly causes: number;
  readonly texts: number;
  readonly parts: number;
  readonly first: Spread | null;
  readonly last: Spread | null;
};

const SECOND_MS = 1_000;

/** Sums up the texts by class. A cause of which nobody was told a text is not among the waits. */
export function rowsByClass(causes: readonly Cause[]): ClassRow[] {
  return textClasses.map((of) => {
    const told = causes.filter((cause) => cause.of === of && cause.texts.length > 0);
    const texts = told.flatMap((cause) => cause.texts);
    const waits = (end: (texts: readonly PassedText[]) => number): Spread | null =>
      told.length === 0 ? null : spreadOf(told.map((cause) => (end(cause.texts) - cause.saidAt) / SECOND_MS));
    return {
      of,
      causes: told.length,
      texts: texts.length,
      parts: texts.reduce((sum, { parts }) => sum + parts, 0),
      first: waits((all) => all.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY)),
      last: waits((all) => all.reduce((most, { lastAt }) => Math.max(most, lastAt), 0)),
    };
  });
}

/** What a storm was, for who reads its table. */
export type StormTold = {
  readonly outages: number;
  readonly bills: number;
  readonly contract: number;
  /** From the first report until every run of an outage was complete. */
  readonly seconds: number;
  /** Parts that passed meanwhile. */
  readonly parts: number;
  /** Mobiles with an account under a cut, and those of them that were told so before it was over. */
  readonly concerned: number;
  readonly told: number;
};

/** Writes the rows as a table. */
export function classTable(rows: readonly ClassRow[], storm: StormTold): Table {
  const cell = (spread: Spread | null): string =>
    spread === null ? '' : [spread.min, spread.median, spread.max].map((value) => value.toFixed(1)).join(' / ');
  const rate = (storm.parts / storm.seconds).toFixed(0);
  return {
    title:
      `${storm.outages} outages under a contract of ${storm.contract} parts/s, while ${storm.bills} bills wait: seconds from what is said until its ` +
      `first and last text, least / median / most over all that was said of a class. It took ${storm.seconds.toFixed(0)} s at ${rate} parts/s; of ` +
      `${storm.concerned} mobiles with an account under a cut ${storm.told} were told so, the others had supply again before their turn`,
    head: ['class', 'said', 'texts', 'parts', 'first text, s', 'last text, s'],
    rows: rows.map(({ of, causes, texts, parts, first, last }) => [
      ...[of, String(causes), String(texts), String(parts), cell(first), cell(last)],
    ]),
  };
}
