import { PoisonMessageError } from '@bijli/events';
import type { Transaction } from '@bijli/postgres';
import { isConnectionError, isTransientError, query, withTransaction } from '@bijli/postgres';
import type { Claim, Claimed } from './claim-rows.ts';
import { claimKeys, readPending } from './claim-rows.ts';
import type { HeardSpans } from './hear.ts';
import { hear, underItsTrace } from './hear.ts';
import type { KeyState, PendingRow } from './inbox-rows.ts';
import type { InboxWorker } from './inbox-worker.ts';
import type { ApplyVerdict, Judgement, ReadRow, Verdict } from './judge-rows.ts';
import { judgeKey } from './judge-rows.ts';
import { causeOfDeath } from './read-event.ts';
import { readRow } from './read-row.ts';
import { reportGap, reportPassedGaps, reportRetry, reportVerdict } from './report-outcomes.ts';
import { backOff } from './settings.ts';
import type { Parking } from './write-verdicts.ts';
import { parkingOf, writeVerdicts } from './write-verdicts.ts';

/** What a transaction was doing, kept outside it for the case that it fails. */
type Trial = { attempt: string | null; applied: ApplyVerdict[]; states: ReadonlyMap<string, KeyState> };

/**
 * Handles the pending rows of the keys that `claim` takes, in one transaction; when it fails, halves them until the row that fails is
 * alone, and parks its key or declares it dead. Resolves with the number of rows settled; rejects when the database is out of reach.
 */
export async function workKeys(
  worker: InboxWorker,
  claim: Claim,
  spans: HeardSpans,
  ids?: readonly string[],
): Promise<number> {
  const trial: Trial = { attempt: null, applied: [], states: new Map() };
  try {
    const judgement = await withTransaction(worker.db, (tx) => handleRows(worker, tx, claim, spans, trial, ids));
    await worker.failpoint('inbox.committed');
    reportJudgement(worker, judgement, spans);
    return judgement.verdicts.length;
  } catch (error) {
    // Should it not be forgotten either, then because PostgreSQL is away, and such notes are not counted against anybody.
    if (trial.attempt !== null) await worker.attempts.forget(trial.attempt).catch(() => undefined);
    if (isConnectionError(error)) throw error;
    return await afterFailure(worker, trial, spans, error);
  }
}

async function handleRows(
  worker: InboxWorker,
  tx: Transaction,
  claim: Claim,
  spans: HeardSpans,
  trial: Trial,
  ids?: readonly string[],
): Promise<Judgement> {
  const { subscription, settings, attempts, group } = worker;
  const { states, now } = await claim(tx);
  const pending =
    states.size === 0 ? [] : await readPending(tx, subscription.name, [...states.keys()], settings.batchRows, ids);
  const rows = ids === undefined ? withoutSuspects(pending) : pending;
  if (rows.length === 0) return { verdicts: [], keys: [] };
  // Before anything is read, for even reading may kill us. After a deadlock the transaction runs anew and the note stands.
  trial.attempt ??= await attempts.begin(
    subscription.name,
    rows.map(({ id }) => id),
  );

  const reads = rows.map((row) => readRow(subscription.topic, row, settings.maxCrashes));
  const judgement = await judge(worker, tx, { states, now }, reads);
  trial.states = states;
  trial.applied = judgement.verdicts.filter((verdict) => verdict.kind === 'apply');
  const heard = trial.applied.map(({ read, event }) => hear(group, read.row, event, spans));
  if (heard.length > 0) await underItsTrace(heard, () => subscription.apply(tx, heard));
  const parkings = judgement.keys.map((key) => parkingOf(key, states.get(key.key) as KeyState, settings));
  await writeVerdicts(tx, subscription.name, judgement.verdicts, parkings, trial.attempt);
  wakeFor(worker, parkings);
  await worker.failpoint('inbox.applied');
  return judgement;
}

/** A row that may have killed a process is tried alone, and what came after it in its key waits. */
function withoutSuspects(rows: readonly PendingRow[]): PendingRow[] {
  const held = new Set<string>();
  return rows.filter(({ key, crashes }) => {
    if (crashes > 0) held.add(key);
    return !held.has(key);
  });
}

async function judge(
  { subscription, settings }: InboxWorker,
  tx: Transaction,
  { states, now }: Claimed,
  reads: readonly ReadRow[],
): Promise<Judgement> {
  const circumstances = {
    lateness: subscription.lateness,
    handled: await handledBefore(tx, subscription.name, reads),
    now,
    gapParkMs: settings.gapParkMs,
  };
  const byKey = Map.groupBy(reads, (read) => read.row.key);
  const judged = [...byKey].map(([key, rows]) => judgeKey(states.get(key) as KeyState, rows, circumstances));
  return { verdicts: judged.flatMap(({ verdicts }) => verdicts), keys: judged.map(({ key }) => key) };
}

async function handledBefore(
  tx: Transaction,
  subscription: string,
  reads: readonly ReadRow[],
): Promise<Map<string, Buffer>> {
  const ids = reads.flatMap((read) => ('event' in read ? [read.event.eventId] : []));
  const rows = await query<{ event_id: string; body_hash: Buffer }>(
    tx,
    'select event_id, body_hash from applied_event where subscription = ? and event_id = any(?::uuid[])',
    [subscription, ids],
  );
  return new Map(rows.map(({ event_id, body_hash }) => [event_id, body_hash]));
}

async function afterFailure(
  worker: InboxWorker,
  { applied, states }: Trial,
  spans: HeardSpans,
  error: unknown,
): Promise<number> {
  const [only] = applied;
  if (only === undefined) throw error; // no handler was at work: it is our own statement that fails
  if (applied.length === 1)
    return await settleFailure(worker, only, states.get(only.read.row.key) as KeyState, spans, error);
  const middle = Math.ceil(applied.length / 2);
  return (
    (await workHalf(worker, applied.slice(0, middle), spans)) + (await workHalf(worker, applied.slice(middle), spans))
  );
}

function workHalf(worker: InboxWorker, half: readonly ApplyVerdict[], spans: HeardSpans): Promise<number> {
  const keys = new Set(half.map(({ read }) => read.row.key));
  return workKeys(
    worker,
    claimKeys(worker.subscription.name, [...keys]),
    spans,
    half.map(({ read }) => read.row.id),
  );
}

/** One row fails by itself: its key waits and tries again, or the row is dead. */
async function settleFailure(
  worker: InboxWorker,
  failed: ApplyVerdict,
  state: KeyState,
  spans: HeardSpans,
  error: unknown,
): Promise<number> {
  const { subscription, settings } = worker;
  const attempts = state.gapSince === null ? state.attempts + 1 : 1;
  const why = causeOfDeath(error);
  const isDead = error instanceof PoisonMessageError || (!isTransientError(error) && attempts >= settings.maxAttempts);
  const dead: Verdict | null = isDead ? { kind: 'dead', read: failed.read, event: failed.event, ...why } : null;
  const parking: Parking = isDead
    ? parkingOf(
        {
          key: state.key,
          version: state.version,
          ...(subscription.lateness === 'latest-wins' ? { park: 'dead-letter' } : {}),
        },
        state,
        settings,
      )
    : { key: state.key, version: state.version, attempts, reason: 'retry', ms: backOff(settings.backOffMs, attempts) };
  await withTransaction(worker.db, async (tx) => {
    const { states } = await claimKeys(subscription.name, [state.key])(tx);
    if (states.has(state.key)) await writeVerdicts(tx, subscription.name, dead === null ? [] : [dead], [parking], null);
  });
  wakeFor(worker, [parking]);
  if (dead === null) reportRetry(worker, failed.read.row, why.detail, spans);
  else reportVerdict(worker, dead, spans);
  return 1;
}

function wakeFor(worker: InboxWorker, parkings: readonly Parking[]): void {
  const waits = parkings.flatMap(({ ms }) => (typeof ms === 'number' ? [ms] : []));
  if (waits.length > 0) worker.wakeWithin(Math.min(...waits));
}

function reportJudgement(worker: InboxWorker, { verdicts, keys }: Judgement, spans: HeardSpans): void {
  for (const verdict of verdicts) reportVerdict(worker, verdict, spans);
  for (const { tooNew } of keys) if (tooNew !== undefined) reportGap(worker, tooNew);
  reportPassedGaps(worker, keys.filter(({ passedGap }) => passedGap === true).length);
}
