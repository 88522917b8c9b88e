import type { Component } from '@bijli/loop';
import { sharedTexts } from '../templates/shared-texts.ts';
import { chunksInHand } from './chunks-in-hand.ts';
import { type DispatchContext, dispatchCounters, dispatchMetrics } from './context.ts';
import { sender } from './send-next.ts';

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

/** Makes the component that holds chunks, shares out what may be sent, and sends it (PROTOCOL.md, steps 3 to 11). */
export function desk(
  dependencies: Omit<DispatchContext, 'hasTime' | 'counters' | 'wake' | 'sharedTexts'>,
  { mostAhead, idleMs }: DeskOptions,
): Desk {
  const counters = dispatchCounters();
  let stoppingSince = Number.POSITIVE_INFINITY;
  let latestTurnAt = Date.now();
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
    sharedTexts: sharedTexts(),
    hasTime: () => performance.now() < stoppingSince + FINISH_WITHIN_MS,
    wake,
  };
  const { link, truth, lease, log } = dispatch;
  const fail = (error: unknown, what: string): void => {
    counters.failures += 1;
    log.error({ err: error }, what);
  };
  const hand = chunksInHand(dispatch, { idleMs, fail });
  const sending = sender(dispatch, { mostAhead, idleMs, fail });

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
    if (!isStopping()) await hand.look();
    hand.prepareNext();
    hand.turnToTold();
    hand.closeDone();
    return isStopping() ? idleMs : sending.next(hand.live());
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
      while (sending.ahead() > 0 || hand.isPreparing()) await new Promise((resolve) => setTimeout(resolve, 20));
      await dispatch.outcomes.settled();
      truth.stop();
      await hand.giveBack();
      await lease.end();
    },
    wake: () => {
      hand.lookSoon();
      truth.hint();
      wake();
    },
    room: wake,
    runs: hand.runs,
    inFlight: sending.ahead,
    // A provider that is away is no reason to take the service out: it plans, and answers, and texts wait.
    ready: () => ({ ok: true, detail: `SMPP link ${link.state()}` }),
    alive: () => ({
      ok: Date.now() - latestTurnAt < STUCK_AFTER_MS || sending.ahead() > 0,
      detail: 'looks for chunks',
    }),
    metrics: () => dispatchMetrics(counters, { inFlight: sending.ahead(), chunks: hand.size() }),
  };
}
