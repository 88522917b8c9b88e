import type { Part } from '@bijli/service';
import { claimChunk } from '../store/claim-chunk.ts';
import type { DispatchContext, DispatchCounters } from './context.ts';
import { naps } from './naps.ts';
import { workChunk } from './work-chunk.ts';

/** How the dispatcher looks for work. */
export interface DispatcherOptions {
  /** Chunks that are worked on at once: the next one is expanded while one is sent. */
  workers: number;
  /** Pause between two looks when there was nothing to do, milliseconds. */
  idleMs: number;
}

/** A dispatcher can be told that there is work, so that it need not wait for its next look. */
export interface Dispatcher extends Part {
  wake(): void;
}

/** A dispatcher that has not even looked for work for this long, with nothing in flight, is stuck. */
const STUCK_AFTER_MS = 120_000;
/** A process that is asked to stop writes no more after this long; the answers to what it wrote still come. */
const FINISH_WITHIN_MS = 5_000;
/** How long a worker sleeps that another one will wake. */
const DEEP_SLEEP_MS = 30_000;

/** This function will make the part that claims chunks and sends them (lines 2 to 8 of the protocol). */
export function dispatcher(
  dependencies: Omit<DispatchContext, 'isStopping' | 'hasTime' | 'pause' | 'counters'>,
  { workers, idleMs }: DispatcherOptions,
): Dispatcher {
  const { nap, wake } = naps();
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
    pause: () => nap(idleMs),
  };

  const workOnce = async () => {
    latestLookAt = Date.now();
    if (dispatch.link.state() !== 'bound') return false;
    const claimedAt = performance.now();
    const chunk = await claimChunk(dispatch.db);
    if (chunk === null) return false;
    // More chunks may wait: the other workers need not finish their naps.
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
      if (!didWork && !isStopping()) await nap(n === 0 || busy > 0 ? idleMs : DEEP_SLEEP_MS);
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
    ready: () => ({ ok: dispatch.link.state() === 'bound', detail: `SMPP link ${dispatch.link.state()}` }),
    alive: () => ({
      ok: Date.now() - latestLookAt < STUCK_AFTER_MS || dispatch.window.inUse() > 0,
      detail: 'looks for chunks',
    }),
    metrics: () => metricsOf(counters, dispatch.window.inUse()),
  };
}

function metricsOf(counters: DispatchCounters, inFlight: number): Record<string, number> {
  return {
    notifier_chunks_total: counters.chunks,
    notifier_messages_accepted_total: counters.accepted,
    notifier_messages_rejected_total: counters.rejected,
    notifier_messages_in_doubt_total: counters.inDoubt,
    notifier_messages_unsent_total: counters.unsent,
    notifier_lost_leases_total: counters.lostLeases,
    notifier_dispatch_failures_total: counters.failures,
    notifier_messages_in_flight: inFlight,
  };
}
