import { PoisonMessageError } from '@bijli/events';
import { isTransientError, withTransaction } from '@bijli/postgres';
import { claimFailed } from './claim-rows.ts';
import type { HandlingSpans } from '../records/start-handling.ts';
import type { KeyState } from '../records/inbox-rows.ts';
import type { InboxWorker } from './inbox-worker.ts';
import type { ApplyClassification, KeyClassification, Classification } from './classify-rows.ts';
import { NotYetError } from '../records/not-yet-error.ts';
import type { Parking } from './parking.ts';
import { parkingOf, retryParking, wakeAfter } from './parking.ts';
import { deadReasonOf } from '../records/read-event.ts';
import { reportRetry, reportClassification } from './report-outcomes.ts';
import type { InboxSettings } from '../subscriptions/settings.ts';
import { writeClassifications } from './write-classifications.ts';

/** A row that failed by itself, with the state its key was in. */
export type Failure = { readonly failed: ApplyClassification; readonly state: KeyState; readonly error: unknown };

/** Lets the key of a row that failed by itself wait and try again, or declares the row dead. Resolves with the number of rows settled. */
export async function settleFailure(worker: InboxWorker, failure: Failure, spans: HandlingSpans): Promise<number> {
  const { failed, state, error } = failure;
  const attempts = state.gapSince === null ? state.attempts + 1 : 1;
  const dead = isFatal(error, attempts, worker.settings) ? deadClassification(failure) : null;
  const parking = dead === null ? retryParking(state, attempts, worker.settings) : parkingOfDead(worker, state);
  if (!(await write(worker, failed, dead, parking))) return 0;
  wakeAfter(worker, [parking]);
  if (dead === null) reportRetry(worker, failed.read.row, deadReasonOf(error).detail, spans);
  else reportClassification(worker, dead, spans);
  return 1;
}

function isFatal(error: unknown, attempts: number, { maxAttempts, maxWaits }: InboxSettings): boolean {
  if (error instanceof PoisonMessageError) return true;
  if (isTransientError(error)) return false;
  return attempts >= (error instanceof NotYetError ? maxWaits : maxAttempts);
}

const deadClassification = ({ failed: { read, event }, error }: Failure): Classification => ({
  kind: 'dead',
  read,
  event,
  ...deadReasonOf(error),
});

function parkingOfDead({ subscription, settings }: InboxWorker, state: KeyState): Parking {
  const classification: KeyClassification = { key: state.key, version: state.version };
  return parkingOf(
    subscription.lateness === 'latest-wins' ? { ...classification, park: 'dead-letter' } : classification,
    state,
    settings,
  );
}

/** False when another replica has settled the row by now, or lets its key wait. */
async function write(
  { db, subscription }: InboxWorker,
  { read: { row } }: ApplyClassification,
  dead: Classification | null,
  parking: Parking,
): Promise<boolean> {
  return await withTransaction(db, async (tx) => {
    const { states } = await claimFailed(subscription.name, row)(tx);
    if (!states.has(parking.key)) return false;
    await writeClassifications(tx, subscription.name, {
      classifications: dead === null ? [] : [dead],
      keys: [parking],
      attempts: [],
    });
    return true;
  });
}
