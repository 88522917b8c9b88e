import type { Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import type { Claimed } from './claim-rows.ts';
import type { KeyState, PendingRow } from '../records/inbox-rows.ts';
import type { InboxWorker } from './inbox-worker.ts';
import type { ClassifiedBatch, ReadRow } from './classify-rows.ts';
import { classifyKey } from './classify-rows.ts';
import { readRow } from './read-row.ts';

/** Reads rows of claimed keys and decides what is to be done with each of them and with their keys. */
export async function classifyBatch(
  { subscription, settings }: InboxWorker,
  tx: Transaction,
  { states, now }: Claimed,
  rows: readonly PendingRow[],
): Promise<ClassifiedBatch> {
  const reads = rows.map((row) => readRow(subscription.topic, row, settings.maxCrashes));
  const handled = await handledBefore(tx, subscription.name, reads);
  const circumstances = { lateness: subscription.lateness, handled, now, gapParkMs: settings.gapParkMs };
  const byKey = Map.groupBy(reads, (read) => read.row.key);
  const classified = [...byKey].map(([key, ofKey]) => classifyKey(states.get(key) as KeyState, ofKey, circumstances));
  return {
    classifications: classified.flatMap(({ classifications }) => classifications),
    keys: classified.map(({ key }) => key),
  };
}

async function handledBefore(
  tx: Transaction,
  subscription: string,
  reads: readonly ReadRow[],
): Promise<Map<string, Buffer>> {
  const ids = reads.flatMap((read) => ('event' in read ? [read.event.eventId] : []));
  const rows = await query<{ event_id: string; body_hash: Buffer }>(
    tx,
    'select event_id, body_hash from applied_event where subscription = :subscription and event_id = any(:ids::uuid[])',
    { subscription, ids },
  );
  return new Map(rows.map(({ event_id, body_hash }) => [event_id, body_hash]));
}
