import { failpoint } from '@bijli/service';
import { withoutSpans, withSpan } from '@bijli/tracing';
import { context, propagation, ROOT_CONTEXT, type Span } from '@opentelemetry/api';
import type { ClaimedChunk } from '../store/claim-chunk.ts';
import { findWithdrawn } from '../store/find-withdrawn.ts';
import { loadCarriers } from '../store/load-carriers.ts';
import { releaseChunk } from '../store/release-chunk.ts';
import { personalTexts } from '../templates/personal-texts.ts';
import { runTexts } from '../templates/run-texts.ts';
import { finishChunk } from './close.ts';
import type { DispatchContext } from './context.ts';
import { readyChunk } from './expand.ts';
import { type Hold, holdChunk } from './hold.ts';
import { type Message, messagesOf } from './messages.ts';
import { type Slice, sendSlice } from './send-slice.ts';

/**
 * Does all that is to do for a claimed chunk: expand, send slice by slice, close. One span, a child of
 * the run's. Whatever fails leaves the chunk to its next holder.
 */
export async function workChunk(dispatch: DispatchContext, chunk: ClaimedChunk, claimedAt: number): Promise<void> {
  const parent = propagation.extract(
    ROOT_CONTEXT,
    chunk.traceparent === null ? {} : { traceparent: chunk.traceparent },
  );
  const attributes = { 'bijli.run': chunk.runId, 'bijli.chunk': chunk.chunkNo, 'bijli.epoch': chunk.epoch };
  const hold = holdChunk(dispatch.db, chunk, claimedAt, (error) =>
    dispatch.log.error({ err: error, runId: chunk.runId }, 'lease renewal failed'),
  );
  dispatch.counters.chunks += 1;
  try {
    await withSpan('chunk', { parent, attributes }, (span) => sendChunk(dispatch, hold, span));
  } finally {
    hold.end();
  }
}

async function sendChunk(dispatch: DispatchContext, hold: Hold, span: Span): Promise<void> {
  const { chunk } = hold;
  if (chunk.over !== null && !chunk.isExpanded)
    return finishChunk(dispatch, chunk, { reason: chunk.over, carriers: null });
  const carriers = await readyChunk(dispatch, chunk);
  if (carriers === null) return;
  span.setAttribute('bijli.messages', carriers);

  const { cursor, isSettled } =
    chunk.over === null
      ? await withSpan('submit', { attributes: { 'bijli.messages': carriers - chunk.cursor } }, async (submit) => {
          const before = dispatch.link.counters().throttled;
          const sent = await sendAll(dispatch, hold, carriers);
          // Of the link meanwhile, so of another chunk too that was sent at the same time: why it took so long is told either way.
          submit.setAttribute('bijli.throttled_parts', dispatch.link.counters().throttled - before);
          return sent;
        })
      : { cursor: chunk.cursor, isSettled: true };
  if (isSettled && cursor === carriers) return finishChunk(dispatch, chunk, null);
  const standing = await hold.renew();
  if (isSettled && (standing === 'superseded' || standing === 'stale'))
    return finishChunk(dispatch, chunk, { reason: standing, carriers: carriers - cursor });
  hold.end();
  if (standing === 'lost') dispatch.counters.lostLeases += 1;
  else await releaseChunk(dispatch.db, chunk);
}

/** How far a chunk was sent. */
type Sent = {
  /** Below the end when the run may not go on. */
  readonly cursor: number;
  /** Whether every message up to the cursor has a committed outcome. */
  readonly isSettled: boolean;
};

/** Sends the chunk's messages above its cursor. */
async function sendAll(dispatch: DispatchContext, hold: Hold, carriers: number): Promise<Sent> {
  const { chunk } = hold;
  const reference = { runId: chunk.runId, runDay: chunk.runDay, chunkNo: chunk.chunkNo, context: context.active() };
  const messages = messagesOf(
    await loadCarriers(dispatch.db, chunk),
    dispatch.sealKeys,
    chunk.facts === null ? personalTexts(dispatch.catalogue) : runTexts(dispatch.catalogue, chunk.facts),
  );
  const underway: Promise<boolean>[] = [];
  let { cursor } = chunk;
  try {
    while (cursor < carriers && !dispatch.isStopping()) {
      const slice = sliceAbove(messages, chunk.cursor, cursor, dispatch.sliceSize);
      await dispatch.window.take(slice.length);
      if (!(await advanced(dispatch, hold, cursor + slice.length, slice.length))) break;
      cursor += slice.length;
      const sent = sendSlice(dispatch, hold, {
        chunk: reference,
        messages: slice,
        withdrawn: withdrawnOf(dispatch, chunk, slice),
      });
      // It is heard of below; a failure before that must not count as one that nobody catches.
      sent.catch(() => undefined);
      underway.push(sent);
    }
  } finally {
    // Whatever failed here, no slice is left alone: its lease is renewed until it has ended.
    await Promise.allSettled(underway);
  }
  return { cursor, isSettled: (await Promise.all(underway)).every(Boolean) };
}

/** Asks which of a slice were withdrawn: a text of a broadcast is never, its whole run is superseded. */
function withdrawnOf(dispatch: DispatchContext, chunk: ClaimedChunk, slice: readonly Message[]): Slice['withdrawn'] {
  const [from, to] = [slice[0]?.seq ?? 0, slice.at(-1)?.seq ?? 0];
  return chunk.facts === null
    ? () => withoutSpans(() => findWithdrawn(dispatch.db, chunk, { from, to }))
    : () => Promise.resolve(NOTHING);
}

const NOTHING: ReadonlySet<number> = new Set();

/** Messages are in order of seq without gaps, the first one right above the cursor that they were loaded for. */
function sliceAbove(
  messages: readonly Message[],
  loadedAbove: number,
  cursor: number,
  size: number,
): readonly Message[] {
  return messages.slice(cursor - loadedAbove, cursor - loadedAbove + size);
}

async function advanced(dispatch: DispatchContext, hold: Hold, cursor: number, taken: number): Promise<boolean> {
  let isWritten = false;
  try {
    await failpoint('dispatch.before-write-ahead');
    isWritten = !dispatch.isStopping() && (await hold.advance(cursor));
  } finally {
    if (!isWritten) dispatch.window.give(taken);
  }
  return isWritten;
}
