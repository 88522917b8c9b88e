import { withoutSpans } from '@bijli/tracing';
import { chunkName } from '../store/chunks/write-ahead.ts';
import { type RenewedRow, renewPartly } from '../store/messages/renew-partly.ts';
import { type RenderedText, runTexts } from '../templates/run-texts.ts';
import type { DispatchContext } from './context.ts';
import type { Slice } from './cut.ts';
import type { Message } from './held-chunk.ts';

/**
 * Asks of texts that say "off at one account, back at others" whether they are true, after they were written ahead: outages may have changed of
 * which their run knows nothing. @returns the slices with what is true now; where there is no such text nothing is asked.
 */
export async function withTrueAccounts(
  { db, catalogue, sharedTexts }: Pick<DispatchContext, 'db' | 'catalogue' | 'sharedTexts'>,
  slices: readonly Slice[],
): Promise<readonly Slice[]> {
  const partly = slices.flatMap(({ held: { chunk }, fresh, again }) =>
    [...fresh, ...again.flatMap(({ message, begun }) => (begun === null ? [message] : []))]
      .filter(({ text }) => text.isPartly)
      .map(({ seq }) => ({ ...chunk, seq })),
  );
  if (partly.length === 0) return slices;
  const renewed = Map.groupBy(await withoutSpans(() => renewPartly(db, partly)), chunkName);
  return slices.map((slice) => {
    const { chunk } = slice.held;
    const rows = renewed.get(chunkName(chunk));
    if (rows === undefined || chunk.facts === null) return slice;
    const textOf = runTexts(catalogue, chunk.facts, new Map(), sharedTexts.of(chunk.runId));
    return withTexts(slice, new Map(rows.map((row) => [row.seq, textOf(row)])));
  });
}

function withTexts(slice: Slice, texts: ReadonlyMap<RenewedRow['seq'], RenderedText>): Slice {
  const renew = (message: Message): Message => ({ ...message, text: texts.get(message.seq) ?? message.text });
  return {
    ...slice,
    fresh: slice.fresh.map(renew),
    again: slice.again.map((again) => ({ ...again, message: renew(again.message) })),
  };
}
