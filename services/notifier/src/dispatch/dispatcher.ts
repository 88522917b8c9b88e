import { type Metric, metric, type Component } from '@bijli/loop';
import { claimChunk } from '../store/claim-chunk.ts';
import type { DispatchContext, DispatchCounters } from './context.ts';
import { interruptibleSleep } from './interruptible-sleep.ts';
import { workChunk } from './work-chunk.ts';

/** How the dispatcher looks for work. */
export type DispatcherOptions = {
  /** Chunks that are worked on at once: the next one is expanded while one is sent. */
  readonly workers: number;
  /** Pause between two looks when there was nothing to do, milliseconds. */
  readonly idleMs: number;
};

/** A dispatcher can be told that there is work, so that it need not wait for its next look. */
export type Dispatcher = Component & {
  wake(): void;
};

/** A dispatcher that has not even looked for work for this long, with nothing in flight, is stuck. */
const STUCK_AFTER_MS = 120_000;
/** A process that is asked to stop writes no more after this long; the answers to what it wrote still come. */
const FINISH_WITHIN_MS = 5_000;
/** How long a worker sleeps that another one will wake. */
const DEEP_SLEEP_MS = 30_000;

/** Makes the component that claims chunks and sends them (PROTOCOL.md, steps 3 to 11). */
export function dispatcher(
  dependencies: Omit<DispatchContext, 'isStopping' | 'hasTime' | 'pause' | 'counters'>,
  { workers, idleMs }: DispatcherOptions,
): Dispatcher {
  const { sleep, wake } = interruptibleSleep();
  const counters: DispatchCounters = {
    chunks: 0,
    accepted: 0,
    rejected: 0,
    inDoubt: 0,
    unsent: 0,
    lostLeases: 0,
    failures: 0,
  };
  let stoppingSince = Number.POSITIVE_INFINITY;
  const isStopping = () => stoppingSince <= performance.now();
  let busy = 0;
  let running: Promise<void>[] = [];
  let latestLookAt = Date.now();
  const dispatch: DispatchContext = {
    ...dependencies,
    counters,
    isStopping,
    hasTime: () => performance.now() < stoppingSince + FINISH_WITHIN_MS,
    pause: () => sleep(idleMs),
  };

  const workOnce = async () => {
    latestLookAt = Date.now();
    if (dispatch.link.state() !== 'bound') return false;
    const claimedAt = performance.now();
    const chunk = await claimChunk(dispatch.db);
    if (chunk === null) return false;
    // More chunks may wait: the other workers need not sleep to the end.
    wake();
    busy += 1;
    await workChunk(dispatch, chunk, claimedAt).finally(() => {
      busy -= 1;
    });
    return true;
  };
  // While there is nothing to do the first worker looks around alone; the others sleep until something was found.
  const work = async (n: number) => {
    while (!isStopping()) {
      const didWork = await workOnce().catch((error: unknown) => {
        counters.failures += 1;
        dispatch.log.error({ err: error }, 'sending a chunk failed, its next holder goes on');
        return false;
      });
      if (!didWork && !isStopping()) await sleep(n === 0 || busy > 0 ? idleMs : DEEP_SLEEP_MS);
    }
  };

  return {
    name: 'dispatcher',
    start: () => {
      running = Array.from({ length: workers }, (_, n) => work(n));
      return Promise.resolve();
    },
    async stop() {
      stoppingSince = performance.now();
      wake();
      await Promise.all(running);
      await dispatch.outcomes.settled();
    },
    wake,
    // A provider that is away is no reason to take the service out: it plans, and answers, and texts wait.
    ready: () => ({ ok: true, detail: `SMPP link ${dispatch.link.state()}` }),
    alive: () => ({
      ok: Date.now() - latestLookAt < STUCK_AFTER_MS || dispatch.window.inUse() > 0,
      detail: 'looks for chunks',
    }),
    metrics: () => metricsOf(counters, dispatch.window.inUse()),
  };
}

function metricsOf(counters: DispatchCounters, inFlight: number): Metric[] {
  const { chunks, accepted, rejected, inDoubt, unsent, lostLeases, failures } = counters;
  return [
    metric('bijli_notifier_chunks_total', 'Chunks that were claimed', chunks),
    metric('bijli_notifier_messages_accepted_total', 'Texts that the provider accepted', accepted),
    metric('bijli_notifier_messages_rejected_total', 'Texts that the provider refused', rejected),
    metric('bijli_notifier_messages_in_doubt_total', 'Texts that may or may not have been sent', inDoubt),
    metric('bijli_notifier_messages_unsent_total', 'Texts that were over before they left', unsent),
    metric('bijli_notifier_lost_leases_total', 'Chunks that another holder took', lostLeases),
    metric('bijli_notifier_dispatch_failures_total', 'Chunks whose sending failed, for the next holder', failures),
    metric('bijli_notifier_messages_in_flight', 'Texts that are written ahead and have no outcome yet', inFlight),
  ];
}
