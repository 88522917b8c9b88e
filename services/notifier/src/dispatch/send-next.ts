import { failpoint } from '@bijli/service';
import { withoutSpans } from '@bijli/tracing';
import { noTurns } from '../domain/lanes.ts';
import type { ClaimedChunk } from '../store/chunks/claimed-chunk.ts';
import { chunkName, findWaiting, writeAhead } from '../store/chunks/write-ahead.ts';
import { findSettled } from '../store/messages/find-settled.ts';
import { findWithdrawn } from '../store/messages/find-withdrawn.ts';
import type { DispatchContext } from './context.ts';
import { cut, type Slice, waitingRuns } from './cut.ts';
import type { Again, HeldChunk, Message } from './held-chunk.ts';
import { withTrueAccounts } from './renew-partly.ts';
import { sendSlice } from './send.ts';
import { stateOf } from './states.ts';

/** What shares out the rate. */
export type Sender = {
  /** Cuts what may go now, writes it ahead, and hands it to the link. @returns how long nothing can be cut, milliseconds. */
  next(chunks: readonly HeldChunk[]): Promise<number>;
  /** Messages that are written ahead and have no committed outcome. */
  ahead(): number;
};

/** A chunk that could not be written ahead since somebody locks it waits so long; where something newer is judged first, twice as long each time. */
const WAIT_MS = { first: 10, most: 1_000 };
/** Runs that had their first turn, and are remembered for it. */
const MOST_SERVED = 10_000;

/** Opens what sends, with nothing on its way (PROTOCOL.md, steps 6 to 8). */
export function sender(
  dispatch: DispatchContext,
  {
    mostAhead,
    idleMs,
    fail,
  }: {
    readonly mostAhead: number;
    readonly idleMs: number;
    readonly fail: (error: unknown, what: string) => void;
  },
): Sender {
  const { db, link, truth, lease, counters, wake } = dispatch;
  const served = new Set<string>();
  const turns = noTurns();
  let ahead = 0;

  async function next(chunks: readonly HeldChunk[]): Promise<number> {
    const now = performance.now();
    const room = Math.min(link.room(), mostAhead - ahead);
    if (link.state() !== 'bound' || room <= 0 || !lease.mayWrite()) return idleMs;
    const { runs, parts } = waitingRuns(chunks, now, served);
    if (parts === 0) return nextAgainMs(chunks, now);
    const granted = await dispatch.account.take(Math.min(room, parts));
    if (granted.parts === 0) return Math.max(1, granted.waitMs);
    const cutNow = cut(
      chunks,
      { parts: granted.parts, messages: room },
      { runs, turns, breakers: dispatch.breakers, now },
    );
    const beyond = cutNow.reduce((sum, slice) => sum + slice.parts, 0) - granted.parts;
    if (beyond > 0) await dispatch.account.owe(beyond);
    const slices = await withoutSettled(cutNow);
    if (slices.length === 0) return cutNow.length > 0 ? 0 : idleMs;
    await failpoint('dispatch.before-write-ahead');
    const permittedAt = performance.now();
    const written = await writtenAhead(slices);
    const begun = await withTrueAccounts(
      dispatch,
      slices.filter((slice) => written.has(chunkName(slice.held.chunk))),
    );
    const withdrawn = await withdrawnOf(begun);
    for (const slice of begun) begin(slice, withdrawn, permittedAt);
    return 0;
  }
  /** What was in doubt and turned out to have been accepted is done with. */
  async function withoutSettled(slices: readonly Slice[]): Promise<Slice[]> {
    const doubtful = slices.flatMap(({ held: { chunk }, again }) =>
      again.flatMap(({ isAmbiguous, message: { seq } }) => (isAmbiguous ? [{ ...keyOf(chunk), seq }] : [])),
    );
    const settled = await withoutSpans(() => findSettled(db, doubtful));
    if (settled.size === 0) return [...slices];
    const isOpen = (chunk: ClaimedChunk) => (again: Again) => !settled.has(`${chunkName(chunk)}/${again.message.seq}`);
    for (const { held: one } of slices) one.again = one.again.filter(isOpen(one.chunk));
    return slices
      .map((slice) => ({ ...slice, again: slice.again.filter(isOpen(slice.held.chunk)) }))
      .filter((slice) => slice.again.length > 0 || slice.cursor > slice.held.cursor);
  }
  async function writtenAhead(slices: readonly Slice[]): Promise<ReadonlySet<string>> {
    const written = await withoutSpans(() =>
      writeAhead(
        db,
        slices.map(({ held: { chunk }, cursor, again }) => ({
          runId: chunk.runId,
          runDay: chunk.runDay,
          chunkNo: chunk.chunkNo,
          epoch: chunk.epoch,
          cursor,
          again: again.map(({ message: { seq }, sendNo, isAmbiguous }) => ({ seq, sendNo, isAmbiguous })),
        })),
        dispatch.provider,
      ),
    );
    const keptBack = slices.flatMap(({ held: one }) => (written.has(chunkName(one.chunk)) ? [] : [one]));
    if (keptBack.length > 0) await lookWhy(keptBack);
    return written;
  }
  /** What is over, the truth says; what waits for something newer looks again more and more seldom, what was locked soon. */
  async function lookWhy(keptBack: readonly HeldChunk[]): Promise<void> {
    await truth.look();
    const waiting = await withoutSpans(() =>
      findWaiting(
        db,
        keptBack.map(({ chunk }) => chunk),
      ),
    );
    for (const one of keptBack) {
      one.waits = waiting.has(chunkName(one.chunk)) ? one.waits + 1 : 0;
      one.resumesAt = performance.now() + Math.min(WAIT_MS.most, WAIT_MS.first * 2 ** one.waits);
    }
  }
  function begin(slice: Slice, withdrawn: ReadonlySet<string>, permittedAt: number): void {
    const one = slice.held;
    if (served.size >= MOST_SERVED) served.clear();
    served.add(one.chunk.runId);
    one.waits = 0;
    one.beginSubmit();
    one.cursor = slice.cursor;
    const taken = new Set(slice.again.map(({ message }) => message.seq));
    one.again = one.again.filter(({ message }) => !taken.has(message.seq));
    const isGone = ({ seq }: Message) => withdrawn.size > 0 && withdrawn.has(`${chunkName(one.chunk)}/${seq}`);
    // Half a text is finished.
    const isGoneWhole = ({ message, begun }: Again) => begun === null && isGone(message);
    const gone = [
      ...slice.fresh.filter(isGone).map((message) => ({ message, sendNo: 1, isAmbiguous: false })),
      ...slice.again.filter(isGoneWhole),
    ];
    const rest = {
      ...slice,
      fresh: slice.fresh.filter((message) => !isGone(message)),
      again: slice.again.filter((again) => !isGoneWhole(again)),
    };
    const messages = rest.fresh.length + rest.again.length + gone.length;
    one.inFlight += messages;
    ahead += messages;
    for (const { text } of rest.fresh) dispatch.breakers.sent(text.dltTemplateId);
    const sending = Promise.all([
      endWithdrawn(one, gone),
      messages === gone.length ? Promise.resolve() : sendSlice(dispatch, rest, permittedAt),
    ]);
    void sending
      .catch((error: unknown) => fail(error, 'a slice was not sent to its end'))
      .finally(() => {
        ahead -= messages;
        wake();
      });
  }
  async function endWithdrawn(
    one: HeldChunk,
    gone: readonly { message: { seq: number }; sendNo: number; isAmbiguous: boolean }[],
  ): Promise<void> {
    if (gone.length === 0) return;
    counters.unsent += gone.length;
    await dispatch.outcomes.add(
      // What may have arrived at its first send stays in doubt.
      gone.map(({ message: { seq }, sendNo, isAmbiguous }) =>
        stateOf(dispatch, one.chunk, { seq, sendNo, state: isAmbiguous ? 'ambiguous' : 'superseded' }),
      ),
    );
    one.inFlight -= gone.length;
  }
  /**
   * Those that a newer fact made false, or for which another run speaks. Asked after the write-ahead: who withdraws one later finds it
   * on its way.
   */
  function withdrawnOf(slices: readonly Slice[]): Promise<ReadonlySet<string>> {
    const ranges = slices
      .filter(({ fresh, again }) => fresh.length + again.length > 0)
      .map(({ held: { chunk }, fresh, again }) => {
        const seqs = [...fresh.map(({ seq }) => seq), ...again.map(({ message: { seq } }) => seq)];
        return { ...keyOf(chunk), from: Math.min(...seqs), to: Math.max(...seqs) };
      });
    return ranges.length === 0 ? Promise.resolve(NOTHING) : withoutSpans(() => findWithdrawn(db, ranges));
  }

  return { next, ahead: () => ahead };
}

const NOTHING: ReadonlySet<string> = new Set();

const keyOf = ({ runId, runDay, chunkNo }: ClaimedChunk) => ({ runId, runDay, chunkNo });

/** When the next message that came back may go. */
function nextAgainMs(chunks: readonly HeldChunk[], now: number): number {
  const next = Math.min(...chunks.flatMap(({ again }) => again.map(({ notBefore }) => notBefore)));
  return Math.max(1, next - now);
}
