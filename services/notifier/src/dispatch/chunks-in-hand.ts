import { withoutSpans } from '@bijli/tracing';
import { context } from '@opentelemetry/api';
import { type Lane, lanes } from '../domain/lanes.ts';
import type { ClaimedChunk } from '../store/chunks/claimed-chunk.ts';
import { holdChunks, releaseChunks, releaseForgotten } from '../store/chunks/hold-chunks.ts';
import { releaseForUntold, waitsForUntold } from '../store/chunks/wait-for-untold.ts';
import { chunkName } from '../store/chunks/write-ahead.ts';
import { finishChunk } from './close.ts';
import type { DispatchContext } from './context.ts';
import { hasMore, type HeldChunk, heldChunk } from './held-chunk.ts';
import { prepareChunk, renewTexts } from './prepare.ts';
import { stateOf } from './states.ts';

/** The chunks that this process holds, from their claim to their end. */
export type ChunksInHand = {
  /** Takes free chunks, where somebody said that there are some or a while has passed. */
  look(): Promise<void>;
  /** Makes the next look due. */
  lookSoon(): void;
  /** Expands or recovers chunks, the most urgent first, while others are sent. */
  prepareNext(): void;
  /** Lets those who were told before go on, or gives their chunk back while others of its run were told nothing yet. */
  turnToTold(): void;
  /** Closes what is sent, or over, when every outcome is committed. */
  closeDone(): void;
  /** Those whose run stands. */
  live(): HeldChunk[];
  /** The runs whose chunks are in hand. */
  runs(): string[];
  size(): number;
  isPreparing(): boolean;
  /** Gives back what is left: the next holder sends it without a wait. */
  giveBack(): Promise<void>;
};

/** Chunks in hand at most, by lane: each is a cursor and its texts. However much waits in one lane, the others have their own. */
const MOST_OF_LANE: Readonly<Record<Lane, number>> = {
  ...{ safety: 400, unplanned: 400, restored: 400, planned: 100, complaint: 400, bill: 100, reminder: 100 },
};
/** Chunks that are taken at once, of a lane. */
const MOST_AT_ONCE = 100;
const MOST_OF_RUN = 3;
/** Chunks that are expanded at once, beside the sending. */
const PREPARED_AT_ONCE = 2;
/** A chunk that could not be prepared is tried again after this long, then twice as long, up to the most. */
const AGAIN_MS = { first: 500, most: 30_000 };

/** A statement whose answer was lost may still be carried out for so long: what it takes is looked for until then. */
const UNSURE_MS = 60_000;

/** Opens an empty hand (PROTOCOL.md, steps 3 to 5 and 11). `idleMs` lies between two looks when nobody says that there is something. */
export function chunksInHand(
  dispatch: DispatchContext,
  { idleMs, fail }: { readonly idleMs: number; readonly fail: (error: unknown, what: string) => void },
): ChunksInHand {
  const { db, link, truth, lease, counters, wake } = dispatch;
  const held = new Map<string, HeldChunk>();
  let preparing = 0;
  let latestLookAt = Number.NEGATIVE_INFINITY;
  let isLookDue = true;
  let unsureUntil = Number.NEGATIVE_INFINITY;

  async function look(): Promise<void> {
    if (!isLookDue && performance.now() - latestLookAt < idleMs) return;
    isLookDue = false;
    latestLookAt = performance.now();
    const room = roomByLane();
    if (room.size === 0) return;
    const input = {
      holderId: lease.holderId,
      dead: lease.dead(),
      room,
      mostOfRun: MOST_OF_RUN,
      partStride: dispatch.catalogue.mostParts(),
    };
    if (latestLookAt < unsureUntil) await withoutSpans(() => releaseForgotten(db, lease.holderId, keys()));
    const found = await withoutSpans(() => holdChunks(db, input)).catch((error: unknown) => {
      unsureUntil = performance.now() + UNSURE_MS;
      throw error;
    });
    for (const chunk of found) hold(chunk);
    if (found.length > 0) await truth.look();
    const taken = countByLane(found);
    if ([...taken].some(([lane, n]) => n === room.get(lane))) isLookDue = true;
  }
  const keys = () => [...held.values()].map(({ chunk }) => chunk);
  function roomByLane(): ReadonlyMap<number, number> {
    const inHand = countByLane(keys());
    const rooms = lanes.map(
      (lane, n) => [n, Math.min(MOST_AT_ONCE, MOST_OF_LANE[lane] - (inHand.get(n) ?? 0))] as const,
    );
    return new Map(rooms.filter(([, most]) => most > 0));
  }
  function hold(chunk: ClaimedChunk): void {
    counters.chunks += 1;
    held.set(
      chunkName(chunk),
      heldChunk(chunk, () => link.counters().throttled),
    );
  }
  function drop(one: HeldChunk): void {
    one.state = 'gone';
    one.endSpans();
    held.delete(chunkName(one.chunk));
  }

  function prepareNext(): void {
    const unready = [...held.values()].filter((one) => one.state === 'new' || isOutdated(one));
    for (const one of unready.sort((a, b) => a.chunk.lane - b.chunk.lane)) {
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
    const became = await context.with(one.reference.context, () => prepareChunk(dispatch, one));
    if (became === 'lost') return lose(one);
    // It is closed as it is, when the truth says so here, too.
    if (became === 'over') await truth.look();
    one.state = became === 'over' ? 'new' : 'ready';
  }
  async function renew(one: HeldChunk): Promise<void> {
    await renewTexts(dispatch, one);
    one.state = 'ready';
  }
  function lose(one: HeldChunk): void {
    counters.lostLeases += 1;
    drop(one);
  }

  function turnToTold(): void {
    for (const one of held.values()) {
      if (one.state !== 'ready' || one.isToldsTurn || one.cursor < one.neverTold || one.cursor >= one.carriers)
        continue;
      if (one.inFlight > 0 || one.prepareAt > performance.now() || truth.standing(one.chunk.runId) !== 'live') continue;
      prepareWith(one, goOn);
    }
  }
  async function goOn(one: HeldChunk): Promise<void> {
    const isEmpty = one.again.length === 0 && one.locked.length === 0;
    if (isEmpty && (await releaseForUntold(db, one.chunk))) return rest(one);
    one.isToldsTurn = !(await waitsForUntold(db, one.chunk));
    one.prepareAt = one.isToldsTurn ? 0 : performance.now() + idleMs;
    one.state = 'ready';
  }
  function rest(one: HeldChunk): void {
    drop(one);
    isLookDue = true;
  }

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
    if (!wasExpanded) return withoutSpans(() => finishChunk(dispatch, one.chunk, { reason, carriers: null }, null));
    if (over !== null) await endAgain(one, over);
    // What is not there to be sent, or came back, has its own word already.
    const rest = one.messages.slice(one.cursor - one.loadedAbove).filter((message) => message !== null).length;
    const remainder = over === null ? null : { reason, carriers: rest };
    await withoutSpans(() => finishChunk(dispatch, one.chunk, remainder, one.cursor));
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

  return {
    look,
    lookSoon: () => {
      isLookDue = true;
    },
    prepareNext,
    turnToTold,
    closeDone,
    live: () => [...held.values()].filter(({ chunk }) => truth.standing(chunk.runId) === 'live'),
    runs: () => [...new Set([...held.values()].map(({ chunk }) => chunk.runId))],
    size: () => held.size,
    isPreparing: () => preparing > 0,
    async giveBack() {
      const left = [...held.values()].filter(({ state }) => state !== 'gone');
      await withoutSpans(() =>
        releaseChunks(
          db,
          left.map(({ chunk }) => chunk),
        ),
      );
      for (const one of left) drop(one);
    },
  };
}

/** Whether one of its texts names a time that is past by now. */
const isOutdated = (one: HeldChunk): boolean =>
  one.state === 'ready' && one.textsHoldUntil <= performance.now() && one.inFlight === 0 && hasMore(one);

function countByLane(chunks: readonly Pick<ClaimedChunk, 'lane'>[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { lane } of chunks) counts.set(lane, (counts.get(lane) ?? 0) + 1);
  return counts;
}
