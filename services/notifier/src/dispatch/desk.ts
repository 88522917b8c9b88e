import type { Component } from '@bijli/loop';
import { failpoint } from '@bijli/service';
import { withoutSpans } from '@bijli/tracing';
import { context } from '@opentelemetry/api';
import { noDebts } from '../domain/lanes.ts';
import type { ClaimedChunk } from '../store/chunks/claimed-chunk.ts';
import { holdChunks, releaseChunks } from '../store/chunks/hold-chunks.ts';
import { chunkName, findWaiting, writeAhead } from '../store/chunks/write-ahead.ts';
import { findWithdrawn } from '../store/messages/find-withdrawn.ts';
import { findSettled } from '../store/messages/find-settled.ts';
import { finishChunk } from './close.ts';
import { type DispatchContext, dispatchCounters, dispatchMetrics } from './context.ts';
import { cut, type Slice, waitingRuns } from './cut.ts';
import { type Again, type HeldChunk, hasMore, heldChunk, type Message } from './held-chunk.ts';
import { prepareChunk, renewTexts } from './prepare.ts';
import { sendSlice } from './send.ts';
import { stateOf } from './states.ts';

/** How the desk works. */
export type DeskOptions = {
  /** Messages that may be written ahead without a committed outcome: the most that one kill can repeat. */
  readonly mostAhead: number;
  /** Pause between two looks for chunks when nobody says that there are some, milliseconds. */
  readonly idleMs: number;
};

/** The place where all sending is decided; it can be told that there is something to do. */
export type Desk = Component & {
  wake(): void;
  /** Tells that something may be sent, or closed, that could not before. */
  room(): void;
  /** The runs whose chunks are in hand. */
  runs(): string[];
  /** Messages that are written ahead and have no committed outcome. */
  inFlight(): number;
};

/** A desk that has not looked around for this long, with nothing in flight, is stuck. */
const STUCK_AFTER_MS = 120_000;
/** A process that is asked to stop writes no more after this long; the answers to what it wrote still come. */
const FINISH_WITHIN_MS = 5_000;
/** Chunks in hand at most: each is a cursor and its texts. */
const MOST_HELD = 400;
const MOST_OF_RUN = 3;
/** Chunks that are expanded at once, beside the sending. */
const PREPARED_AT_ONCE = 2;
/** A chunk that could not be prepared is tried again after this long, then twice as long, up to the most. */
const AGAIN_MS = { first: 500, most: 30_000 };
/** A chunk that could not be written ahead since somebody locks it waits so long; where something newer is judged first, twice as long each time. */
const WAIT_MS = { first: 10, most: 1_000 };

/** Makes the component that holds chunks, shares out what may be sent, and sends it (PROTOCOL.md, steps 3 to 11). */
export function desk(
  dependencies: Omit<DispatchContext, 'hasTime' | 'counters' | 'wake'>,
  { mostAhead, idleMs }: DeskOptions,
): Desk {
  const counters = dispatchCounters();
  const held = new Map<string, HeldChunk>();
  const served = new Set<string>();
  const debts = noDebts();
  let stoppingSince = Number.POSITIVE_INFINITY;
  let preparing = 0;
  let ahead = 0;
  let latestLookAt = Number.NEGATIVE_INFINITY;
  let latestTurnAt = Date.now();
  let isLookDue = true;
  let hasBegun = false;
  let running: Promise<void> | null = null;
  let pauseEnd: (() => void) | null = null;
  let isWoken = false;

  const isStopping = (): boolean => stoppingSince <= performance.now();
  const wake = (): void => {
    isWoken = true;
    pauseEnd?.();
  };
  const dispatch: DispatchContext = {
    ...dependencies,
    counters,
    hasTime: () => performance.now() < stoppingSince + FINISH_WITHIN_MS,
    wake,
  };
  const { db, link, truth, lease, log } = dispatch;
  const fail = (error: unknown, what: string): void => {
    counters.failures += 1;
    log.error({ err: error }, what);
  };

  async function lookForChunks(): Promise<void> {
    if (!isLookDue && performance.now() - latestLookAt < idleMs) return;
    isLookDue = false;
    latestLookAt = performance.now();
    if (held.size >= MOST_HELD) return;
    const most = Math.min(100, MOST_HELD - held.size);
    const input = {
      holderId: lease.holderId,
      dead: lease.dead(),
      most,
      mostOfRun: MOST_OF_RUN,
      partStride: dispatch.catalogue.mostParts(),
    };
    const found = await withoutSpans(() => holdChunks(db, input));
    for (const chunk of found) hold(chunk);
    if (found.length > 0) await truth.look();
    if (found.length === most) isLookDue = true;
  }
  function hold(chunk: ClaimedChunk): void {
    counters.chunks += 1;
    held.set(
      chunkName(chunk),
      heldChunk(chunk, () => link.counters().throttled),
    );
  }

  /** Expands or recovers chunks, the most urgent first, while others are sent. */
  function prepareNext(): void {
    for (const one of held.values()) {
      if (preparing >= PREPARED_AT_ONCE) return;
      if (one.prepareAt > performance.now()) continue;
      if (isOutdated(one)) prepareWith(one, renew);
      if (one.state !== 'new') continue;
      const standing = truth.standing(one.chunk.runId);
      if (standing === null || standing === 'stopped') continue;
      if (standing !== 'live' && !one.chunk.isExpanded) {
        close(one);
        continue;
      }
      prepareWith(one, prepare);
    }
  }
  /** Whether one of its texts names a time that is past by now. */
  const isOutdated = (one: HeldChunk): boolean =>
    one.state === 'ready' && one.textsHoldUntil <= performance.now() && one.inFlight === 0 && hasMore(one);
  function prepareWith(one: HeldChunk, work: (one: HeldChunk) => Promise<void>): void {
    const before = one.state;
    one.state = 'preparing';
    preparing += 1;
    void withoutSpans(() => work(one))
      .catch((error: unknown) => {
        fail(error, 'a chunk could not be made ready, it is tried again');
        one.state = before;
        one.failures += 1;
        one.prepareAt = performance.now() + Math.min(AGAIN_MS.most, AGAIN_MS.first * 2 ** (one.failures - 1));
      })
      .finally(() => {
        preparing -= 1;
        wake();
      });
  }
  async function prepare(one: HeldChunk): Promise<void> {
    const isOurs = await context.with(one.reference.context, () => prepareChunk(dispatch, one));
    if (isOurs) one.state = 'ready';
    else lose(one);
  }
  async function renew(one: HeldChunk): Promise<void> {
    await renewTexts(dispatch, one);
    one.state = 'ready';
  }
  function lose(one: HeldChunk): void {
    counters.lostLeases += 1;
    drop(one);
  }
  function drop(one: HeldChunk): void {
    one.state = 'gone';
    one.endSpans();
    held.delete(chunkName(one.chunk));
    if (![...held.values()].some(({ chunk }) => chunk.runId === one.chunk.runId)) served.delete(one.chunk.runId);
  }

  /** Closes what is sent, or over, when every outcome is committed. */
  function closeDone(): void {
    for (const one of held.values()) {
      if (one.state !== 'ready' || one.inFlight > 0 || one.prepareAt > performance.now()) continue;
      const standing = truth.standing(one.chunk.runId);
      const isOver = standing === 'superseded' || standing === 'stale';
      if (isOver || !hasMore(one)) close(one, isOver ? standing : null);
    }
  }
  function close(one: HeldChunk, over: 'superseded' | 'stale' | null = null): void {
    const wasExpanded = one.state === 'ready';
    one.state = 'closing';
    void end(one, wasExpanded, over)
      .then(() => {
        drop(one);
        isLookDue = true;
      })
      .catch((error: unknown) => {
        fail(error, 'a chunk could not be closed, it is tried again');
        one.state = wasExpanded ? 'ready' : 'new';
        one.prepareAt = performance.now() + AGAIN_MS.first;
      })
      .finally(wake);
  }
  async function end(one: HeldChunk, wasExpanded: boolean, over: 'superseded' | 'stale' | null): Promise<void> {
    const reason = over ?? (truth.standing(one.chunk.runId) === 'stale' ? 'stale' : 'superseded');
    if (!wasExpanded) return withoutSpans(() => finishChunk(dispatch, one.chunk, { reason, carriers: null }));
    if (over !== null) await endAgain(one, over);
    // What is not there to be sent, or came back, has its own word already.
    const rest = one.messages.slice(one.cursor - one.loadedAbove).filter((message) => message !== null).length;
    await withoutSpans(() => finishChunk(dispatch, one.chunk, over === null ? null : { reason, carriers: rest }));
  }
  /** What came back of a run that is over goes no more. Of a text of which a part has left, that was told. */
  async function endAgain(one: HeldChunk, over: 'superseded' | 'stale'): Promise<void> {
    const ended = one.again.filter(({ isAmbiguous }) => !isAmbiguous);
    const locked = one.locked;
    [one.again, one.locked] = [[], []];
    counters.unsent += ended.length + locked.length;
    await dispatch.outcomes.add([
      ...ended.map(({ message, sendNo, begun }) =>
        stateOf(dispatch, one.chunk, {
          seq: message.seq,
          sendNo: sendNo - 1,
          state: begun === null ? over : 'accepted',
          messageIds: begun?.ids ?? null,
        }),
      ),
      ...locked.map((message) => stateOf(dispatch, one.chunk, { ...message, state: over })),
    ]);
    for (const { begun } of ended) if (begun !== null) begun.progress.isSettled = true;
  }

  /** Cuts what may go now, writes it ahead, and hands it to the link. @returns how long nothing can be cut, milliseconds. */
  async function sendNext(): Promise<number> {
    const now = performance.now();
    const chunks = [...held.values()].filter(({ chunk }) => truth.standing(chunk.runId) === 'live');
    const room = Math.min(link.room(), mostAhead - ahead);
    if (link.state() !== 'bound' || room <= 0 || !lease.mayWrite() || isStopping()) return idleMs;
    const { runs, parts } = waitingRuns(chunks, now, served);
    if (parts === 0) return nextAgainMs(chunks, now);
    const granted = await dispatch.account.take(Math.min(room, parts));
    if (granted.parts === 0) return Math.max(1, granted.waitMs);
    const cutNow = cut(
      chunks,
      { parts: granted.parts, messages: room },
      { runs, debts, breakers: dispatch.breakers, now },
    );
    const slices = await withoutSettled(cutNow);
    if (slices.length === 0) return cutNow.length > 0 ? 0 : idleMs;
    await failpoint('dispatch.before-write-ahead');
    const permittedAt = performance.now();
    const written = await writtenAhead(slices);
    const begun = slices.filter((slice) => written.has(chunkName(slice.held.chunk)));
    const withdrawn = await withdrawnOf(begun);
    for (const slice of begun) beginSlice(slice, withdrawn, permittedAt);
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
  function beginSlice(slice: Slice, withdrawn: ReadonlySet<string>, permittedAt: number): void {
    const one = slice.held;
    served.add(one.chunk.runId);
    one.waits = 0;
    one.beginSubmit();
    one.cursor = slice.cursor;
    const taken = new Set(slice.again);
    one.again = one.again.filter((again) => !taken.has(again));
    const isGone = ({ seq }: Message) => withdrawn.has(`${chunkName(one.chunk)}/${seq}`);
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
   * Those that a newer fact made false, or for which another run speaks. Asked after the write-ahead: whoever withdraws one later finds it
   * on its way.
   */
  function withdrawnOf(slices: readonly Slice[]): Promise<ReadonlySet<string>> {
    const ranges = slices
      .filter(({ fresh, again }) => fresh.length + again.length > 0)
      .map(({ held: { chunk }, fresh, again }) => {
        const seqs = [...fresh.map(({ seq }) => seq), ...again.map(({ message: { seq } }) => seq)];
        return {
          runId: chunk.runId,
          runDay: chunk.runDay,
          chunkNo: chunk.chunkNo,
          from: Math.min(...seqs),
          to: Math.max(...seqs),
        };
      });
    return ranges.length === 0 ? Promise.resolve(NOTHING) : withoutSpans(() => findWithdrawn(db, ranges));
  }

  /** Says that this process lives, before it holds anything. PostgreSQL may be away: the service starts all the same, and this is tried again. */
  async function begin(): Promise<number> {
    latestTurnAt = Date.now();
    await lease.begin();
    truth.start();
    hasBegun = true;
    await truth.look();
    return 0;
  }
  async function turn(): Promise<number> {
    latestTurnAt = Date.now();
    if (!isStopping()) await lookForChunks();
    prepareNext();
    closeDone();
    return sendNext();
  }
  async function work(): Promise<void> {
    while (!isStopping()) {
      isWoken = false;
      const waitMs = await (hasBegun ? turn() : begin()).catch((error: unknown) => {
        fail(error, 'a turn of the sending failed, the next one goes on');
        return idleMs;
      });
      if (waitMs > 0 && !isStopping()) await pause(Math.min(waitMs, idleMs));
    }
  }
  async function pause(ms: number): Promise<void> {
    if (isWoken) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    pauseEnd = resolve;
    await promise;
    clearTimeout(timer);
    pauseEnd = null;
  }
  /** What is left goes back: the next holder sends it without a wait. */
  async function handBack(): Promise<void> {
    const left = [...held.values()].filter(({ state }) => state !== 'gone');
    await withoutSpans(() =>
      releaseChunks(
        db,
        left.map(({ chunk }) => chunk),
      ),
    );
    for (const one of left) drop(one);
  }

  return {
    name: 'desk',
    start: () => {
      running = work();
      return Promise.resolve();
    },
    async stop() {
      stoppingSince = performance.now();
      wake();
      await running;
      while (ahead > 0 || preparing > 0) await new Promise((resolve) => setTimeout(resolve, 20));
      await dispatch.outcomes.settled();
      truth.stop();
      await handBack();
      await lease.end();
    },
    wake: () => {
      isLookDue = true;
      truth.hint();
      wake();
    },
    room: wake,
    runs: () => [...new Set([...held.values()].map(({ chunk }) => chunk.runId))],
    inFlight: () => ahead,
    // A provider that is away is no reason to take the service out: it plans, and answers, and texts wait.
    ready: () => ({ ok: true, detail: `SMPP link ${link.state()}` }),
    alive: () => ({ ok: Date.now() - latestTurnAt < STUCK_AFTER_MS || ahead > 0, detail: 'looks for chunks' }),
    metrics: () => dispatchMetrics(counters, { inFlight: ahead, chunks: held.size }),
  };
}

const NOTHING: ReadonlySet<string> = new Set();

const keyOf = ({ runId, runDay, chunkNo }: ClaimedChunk) => ({ runId, runDay, chunkNo });

/** When the next message that came back may go. */
function nextAgainMs(chunks: readonly HeldChunk[], now: number): number {
  const next = Math.min(...chunks.flatMap(({ again }) => again.map(({ notBefore }) => notBefore)));
  return Math.max(1, next - now);
}
