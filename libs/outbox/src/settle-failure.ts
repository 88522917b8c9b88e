import { PoisonMessageError } from '@bijli/events';
import { isTransientError, withTransaction } from '@bijli/postgres';
import { claimFailed } from './claim-rows.ts';
import type { HeardSpans } from './hear.ts';
import type { KeyState } from './inbox-rows.ts';
import type { InboxWorker } from './inbox-worker.ts';
import type { ApplyVerdict, KeyVerdict, Verdict } from './judge-rows.ts';
import { NotYetError } from './not-yet-error.ts';
import type { Parking } from './parking.ts';
import { parkingOf, retryParking, wakeAfter } from './parking.ts';
import { causeOfDeath } from './read-event.ts';
import { reportRetry, reportVerdict } from './report-outcomes.ts';
import type { InboxSettings } from './settings.ts';
import { writeVerdicts } from './write-verdicts.ts';

/** A row that failed by itself, with the state its key was in. */
export type Failure = { failed: ApplyVerdict; state: KeyState; error: unknown };

/** Lets the key of a row that failed by itself wait and try again, or declares the row dead. Resolves with the number of rows settled. */
export async function settleFailure(worker: InboxWorker, failure: Failure, spans: HeardSpans): Promise<number> {
  const { failed, state, error } = failure;
  const attempts = state.gapSince === null ? state.attempts + 1 : 1;
  const dead = isFatal(error, attempts, worker.settings) ? deadVerdict(failure) : null;
  const parking = dead === null ? retryParking(state, attempts, worker.settings) : parkingOfDead(worker, state);
  if (!(await write(worker, failed, dead, parking))) return 0;
  wakeAfter(worker, [parking]);
  if (dead === null) reportRetry(worker, failed.read.row, causeOfDeath(error).detail, spans);
  else reportVerdict(worker, dead, spans);
  return 1;
}

function isFatal(error: unknown, attempts: number, { maxAttempts, maxWaits }: InboxSettings): boolean {
  if (error instanceof PoisonMessageError) return true;
  if (isTransientError(error)) return false;
  return attempts >= (error instanceof NotYetError ? maxWaits : maxAttempts);
}

const deadVerdict = ({ failed: { read, event }, error }: Failure): Verdict => ({
  kind: 'dead',
  read,
  event,
  ...causeOfDeath(error),
});

function parkingOfDead({ subscription, settings }: InboxWorker, state: KeyState): Parking {
  const verdict: KeyVerdict = { key: state.key, version: state.version };
  return parkingOf(
    subscription.lateness === 'latest-wins' ? { ...verdict, park: 'dead-letter' } : verdict,
    state,
    settings,
  );
}

/** False when another replica has settled the row by now, or lets its key wait. */
async function write(
  { db, subscription }: InboxWorker,
  { read: { row } }: ApplyVerdict,
  dead: Verdict | null,
  parking: Parking,
): Promise<boolean> {
  return await withTransaction(db, async (tx) => {
    const { states } = await claimFailed(subscription.name, row)(tx);
    if (!states.has(parking.key)) return false;
    await writeVerdicts(tx, subscription.name, {
      verdicts: dead === null ? [] : [dead],
      keys: [parking],
      attempts: [],
    });
    return true;
  });
}
