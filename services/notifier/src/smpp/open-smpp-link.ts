import { backOff } from './back-off.ts';
import { connect } from './connect.ts';
import { linkCounters } from './link-counters.ts';
import { BIND_REFUSED, type Session, startSession } from './session.ts';
import { slices } from './slices.ts';
import type { LinkState, LinkTiming, SmppLink, SmppLinkOptions } from './smpp-link.ts';
import { submitEncoder } from './submit-encoder.ts';
import { throttlePause } from './throttle-pause.ts';

/** A dead peer is noticed within enquire_link and one answer’s time, and is back within 45 s. */
const USUAL_TIMING: LinkTiming = {
  bindTimeoutMs: 10_000,
  enquireLinkMs: 30_000,
  responseTimeoutMs: 10_000,
  reconnectFirstMs: 500,
  reconnectMostMs: 15_000,
  throttleFirstMs: 100,
  throttleMostMs: 1_000,
  drainMs: 12_000,
  unbindMs: 2_000,
};

/** Trying again does not help while the provider does not want us: a person must act. */
function levelOf(reason: string): 'error' | 'warn' {
  return reason.startsWith(BIND_REFUSED) ? 'error' : 'warn';
}

/**
 * Makes the link to one provider account; `start` connects it. It reconnects until it is stopped. Each
 * connection is a session of its own: what was written and not answered when one dies is `in-doubt`, what was not
 * written is `not-written`, and nothing is sent twice by the link itself.
 */
export function openSmppLink(options: SmppLinkOptions): SmppLink {
  const { log, now = () => performance.now(), connect: begin = () => connect(options) } = options;
  const timing = { ...USUAL_TIMING, ...options.timing };
  const counters = linkCounters();
  const queue = slices(counters);
  const encoder = submitEncoder(options);
  const reconnect = backOff({ firstMs: timing.reconnectFirstMs, mostMs: timing.reconnectMostMs });
  const pause = throttlePause({
    firstMs: timing.throttleFirstMs,
    mostMs: timing.throttleMostMs,
    onEnd: () => session?.pump(),
  });
  let state: LinkState = 'closed';
  let problem: string | undefined;
  let session: Session | undefined;
  let sessions = 0;
  let isStopping = false;
  let isPumpAsked = false;
  let isMadeAnew = false;
  let reconnectTimer: NodeJS.Timeout | undefined;
  let onProgress: () => void = () => undefined;

  function become(next: LinkState): void {
    if (next === state) return;
    state = next;
    options.onStateChange?.(next);
  }
  function openSession(): void {
    sessions += 1;
    if (sessions > 1) counters.reconnects += 1;
    const id = sessions;
    const bound = (): void => {
      // Each bind that is of no use waits longer for the next.
      if (!isMadeAnew) reconnect.reset();
      isMadeAnew = false;
      problem = undefined;
      log.info({ session: id }, 'SMPP link is bound');
      become('bound');
    };
    const shared = { options, timing, now, counters, slices: queue, encoder, pause, log };
    session = startSession({
      ...shared,
      id,
      socket: begin(),
      onBound: bound,
      onUnbound: () => {
        isMadeAnew = session?.isOutgoing() === true;
        unbound();
      },
      onClosed: (reason) => closed(id, reason),
      onProgress: () => {
        onProgress();
        options.onRoom?.();
      },
    });
  }
  function unbound(): void {
    if (!isStopping) become('connecting');
    queue.giveUp();
    queue.report();
  }
  function closed(id: number, reason: string): void {
    session = undefined;
    // A provider that is away for a night is one line, not one for each try.
    const isNews = reason !== problem;
    problem = reason;
    onProgress();
    if (isStopping) return;
    const waitMs = Math.round(reconnect.nextMs());
    log[isNews ? levelOf(reason) : 'debug']({ session: id, reason, waitMs }, 'SMPP link is down, will be opened again');
    reconnectTimer = setTimeout(openSession, waitMs);
  }
  /** Slices that come in one turn leave in one write. */
  function askForPump(): void {
    if (isPumpAsked) return;
    isPumpAsked = true;
    queueMicrotask(() => {
      isPumpAsked = false;
      session?.pump();
    });
  }
  /** Resolves when `isDone` or after `mostMs`. */
  function progressTo(isDone: () => boolean, mostMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, mostMs);
    onProgress = () => {
      if (isDone()) resolve();
    };
    onProgress();
    return promise.finally(() => clearTimeout(timer));
  }

  return {
    start: () => {
      become('connecting');
      openSession();
    },
    submitSlice: (messages, handling) => {
      const { slice, finished } = queue.add(messages, handling);
      if (state === 'bound' && !isStopping) askForPump();
      else {
        queue.giveUp(new Set([slice]));
        queueMicrotask(() => queue.report());
      }
      return finished;
    },
    state: () => state,
    room: () =>
      state !== 'bound' || session === undefined || pause.isOn()
        ? 0
        : Math.max(0, options.window - session.unanswered() - queue.waiting()),
    problem: () => problem,
    destroy: (reason) => session?.cut(reason),
    stop: async () => {
      isStopping = true;
      clearTimeout(reconnectTimer);
      await progressTo(() => session === undefined || (queue.waiting() === 0 && session.isIdle()), timing.drainMs);
      session?.unbind();
      await progressTo(() => session === undefined, 2 * timing.unbindMs);
      session?.destroy('stopped');
      pause.stop();
      become('closed');
    },
    counters: () => counters,
  };
}
