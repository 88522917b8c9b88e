import type { Transaction } from '@bijli/postgres';
import { isConnectionError, withTransaction } from '@bijli/postgres';
import type { Claim } from './claim-rows.ts';
import { claimKeys, readPending } from './claim-rows.ts';
import type { HandlingSpans } from '../records/start-handling.ts';
import { startHandling, underItsTrace } from '../records/start-handling.ts';
import type { KeyState, PendingRow } from '../records/inbox-rows.ts';
import type { InboxWorker } from './inbox-worker.ts';
import { classifyBatch } from './classify-batch.ts';
import type { ApplyClassification, ClassifiedBatch, Classification } from './classify-rows.ts';
import type { ReturnedEvent } from '../subscriptions/subscription.ts';
import { hasMoved, parkingOf, wakeAfter } from './parking.ts';
import { reportGap, reportPassedGaps, reportClassification } from './report-outcomes.ts';
import { settleFailure } from './settle-failure.ts';
import { writeClassifications } from './write-classifications.ts';

/** What to work: the keys that `claim` takes, and of their rows only those of `ids`, when given. Who gives it may hear of a failure. */
export type Task = {
  readonly claim: Claim;
  readonly ids?: readonly string[];
  readonly spans: HandlingSpans;
  readonly onFailure?: () => void;
};

/** What a transaction was doing, kept outside it for the case that it fails. */
type Trial = { attempt: string | null; applied: ApplyClassification[]; states: ReadonlyMap<string, KeyState> };

/**
 * Handles pending rows of some keys in one transaction; when it fails, halves them until the row that fails is alone, and parks its key or
 * declares it dead. Resolves with the number of rows settled; rejects when the database is out of reach.
 */
export async function workKeys(worker: InboxWorker, task: Task): Promise<number> {
  const trial: Trial = { attempt: null, applied: [], states: new Map() };
  try {
    const classifiedBatch = await withTransaction(worker.db, (tx) => handleRows(worker, tx, task, trial));
    await worker.failpoint('inbox.committed');
    reportClassified(worker, classifiedBatch, task.spans);
    return classifiedBatch.classifications.length;
  } catch (error) {
    // Should it not be forgotten either, then because PostgreSQL is away: the next connection forgets it (attempts.ts).
    if (trial.attempt !== null) await worker.attempts.forget([trial.attempt]).catch(() => undefined);
    if (isConnectionError(error)) throw error;
    task.onFailure?.();
    return await afterFailure(worker, trial, task.spans, error);
  }
}

async function handleRows(worker: InboxWorker, tx: Transaction, task: Task, trial: Trial): Promise<ClassifiedBatch> {
  const { subscription, settings, attempts, group } = worker;
  const claimed = await task.claim(tx);
  const rows = await readTask(worker, tx, task, [...claimed.states.keys()]);
  if (rows.length === 0) return { classifications: [], keys: [] };
  // Before anything is decoded, for even that may kill us. After a deadlock the transaction runs anew and the note stands.
  trial.attempt ??= await attempts.begin(
    subscription.name,
    rows.map(({ id }) => id),
  );

  const { classifications: classified, keys } = await classifyBatch(worker, tx, claimed, rows);
  trial.states = claimed.states;
  trial.applied = classified.filter((classification) => classification.kind === 'apply');
  const heard = trial.applied.map(({ read, event }) => startHandling(group, read.row, event, task.spans));
  const returned = heard.length > 0 ? await underItsTrace(heard, () => subscription.apply(tx, heard)) : [];
  const classifications = withReturned(classified, returned ?? []);
  const parkings = keys.map((key) => parkingOf(key, claimed.states.get(key.key) as KeyState, settings));
  const moved = parkings.filter((parking) => hasMoved(parking, claimed.states.get(parking.key) as KeyState));
  await writeClassifications(tx, subscription.name, { classifications, keys: moved, attempts: [trial.attempt] });
  wakeAfter(worker, parkings);
  await worker.failpoint('inbox.applied');
  return { classifications, keys };
}

/** Makes dead letters of the events that the handler gave back as refused, and marks those that changed nothing. */
export function withReturned(
  classifications: readonly Classification[],
  returned: readonly ReturnedEvent[],
): Classification[] {
  if (returned.length === 0) return [...classifications];
  const byId = new Map(returned.map((event) => [event.eventId, event]));
  return classifications.map((classification) => {
    const event = classification.kind === 'apply' ? byId.get(classification.event.eventId) : undefined;
    if (classification.kind !== 'apply' || event === undefined) return classification;
    if ('isUnchanged' in event) return { ...classification, isUnchanged: true };
    return { ...classification, kind: 'dead', reason: 'refused', detail: event.detail };
  });
}

async function readTask(
  { subscription, settings }: InboxWorker,
  tx: Transaction,
  { ids }: Task,
  keys: readonly string[],
): Promise<PendingRow[]> {
  if (keys.length === 0) return [];
  const rows = await readPending(tx, subscription.name, keys, {
    limit: settings.batchRows,
    ...(ids === undefined ? {} : { ids }),
  });
  return ids === undefined ? withoutSuspects(rows) : rows;
}

/** A row that may have killed a process is tried alone, and what came after it in its key waits. */
function withoutSuspects(rows: readonly PendingRow[]): PendingRow[] {
  const held = new Set<string>();
  return rows.filter(({ key, crashes }) => {
    if (crashes > 0) held.add(key);
    return !held.has(key);
  });
}

async function afterFailure(
  worker: InboxWorker,
  { applied, states }: Trial,
  spans: HandlingSpans,
  error: unknown,
): Promise<number> {
  const [failed] = applied;
  if (failed === undefined) throw error; // no handler was at work: it is our own statement that fails
  const state = states.get(failed.read.row.key) as KeyState;
  if (applied.length === 1) return await settleFailure(worker, { failed, state, error }, spans);
  const middle = Math.ceil(applied.length / 2);
  const first = await workKeys(worker, halfOf(worker, applied.slice(0, middle), spans));
  return first + (await workKeys(worker, halfOf(worker, applied.slice(middle), spans)));
}

function halfOf({ subscription }: InboxWorker, half: readonly ApplyClassification[], spans: HandlingSpans): Task {
  const keys = new Set(half.map(({ read }) => read.row.key));
  return { claim: claimKeys(subscription.name, [...keys]), ids: half.map(({ read }) => read.row.id), spans };
}

function reportClassified(worker: InboxWorker, { classifications, keys }: ClassifiedBatch, spans: HandlingSpans): void {
  for (const classification of classifications) reportClassification(worker, classification, spans);
  for (const { tooNew } of keys) if (tooNew !== undefined) reportGap(worker, tooNew);
  reportPassedGaps(worker, keys.filter(({ passedGap }) => passedGap === true).length);
}
