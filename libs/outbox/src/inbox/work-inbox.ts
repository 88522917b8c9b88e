import { claimFresh, claimKeys, claimTried, findWork } from './claim-rows.ts';
import type { HandlingSpans } from '../records/start-handling.ts';
import { endSpan } from '../records/start-handling.ts';
import type { InboxWorker } from './inbox-worker.ts';
import { workKeys } from './work-keys.ts';

/** Keys that failed before are tried one by one: how many of them between two batches of the others. */
const TRIED_PER_ROUND = 10;
/** When another replica holds all there is to do, the wait before looking again. */
const HELD_ELSEWHERE_MS = 50;

/**
 * Does one round of a subscription's inbox: a batch of what can be handled together, then some keys that failed before, then one row that
 * may have killed a process. Resolves false when there was nothing it could do.
 */
export async function workInbox(worker: InboxWorker, isStopping: () => boolean): Promise<boolean> {
  const { name } = worker.subscription;
  const { fresh, tried, suspect } = await findWork(worker.db, name);
  if (!fresh && !tried && suspect === null) return false;
  const spans: HandlingSpans = new Map();
  try {
    let handled = fresh ? await workKeys(worker, { claim: claimFresh(name, worker.settings.batchRows), spans }) : 0;
    if (tried) handled += await workTried(worker, spans, isStopping);
    if (suspect !== null && !isStopping())
      handled += await workKeys(worker, { claim: claimKeys(name, [suspect.key]), ids: [suspect.id], spans });
    if (handled === 0) worker.wakeWithin(HELD_ELSEWHERE_MS);
    return handled > 0;
  } finally {
    for (const id of [...spans.keys()]) endSpan(spans, id, 'unfinished');
  }
}

async function workTried(worker: InboxWorker, spans: HandlingSpans, isStopping: () => boolean): Promise<number> {
  let handled = 0;
  for (let tries = 0; tries < TRIED_PER_ROUND && !isStopping(); tries += 1) {
    const more = await workKeys(worker, { claim: claimTried(worker.subscription.name), spans });
    if (more === 0) break;
    handled += more;
  }
  return handled;
}
