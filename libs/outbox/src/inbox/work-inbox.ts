import { claimFresh, claimKeys, claimTried, findWork } from './claim-rows.ts';
import type { HandlingSpans } from '../records/start-handling.ts';
import { endSpan } from '../records/start-handling.ts';
import type { InboxWorker } from './inbox-worker.ts';
import { workKeys } from './work-keys.ts';

/** Keys that failed before are tried so often between two batches of the others: one alone, then twice as many each time, while none fails. */
const TRIES_PER_ROUND = 10;
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

/** Where what some of them waited for has come it has for all: a month's bills that were heard before their connections go on together. */
async function workTried(worker: InboxWorker, spans: HandlingSpans, isStopping: () => boolean): Promise<number> {
  let handled = 0;
  let most = 1;
  for (let tries = 0; tries < TRIES_PER_ROUND && !isStopping(); tries += 1) {
    let isFailing = false;
    const claim = claimTried(worker.subscription.name, Math.min(most, worker.settings.batchRows));
    const onFailure = (): void => {
      isFailing = true;
    };
    const more = await workKeys(worker, { claim, spans, onFailure });
    if (more === 0) break;
    handled += more;
    most = isFailing ? 1 : 2 * most;
  }
  return handled;
}
