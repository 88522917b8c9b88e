import { hash } from 'node:crypto';
import type { PendingRow } from './inbox-rows.ts';
import type { ReadRow } from './judge-rows.ts';
import { deathInHeaders } from './mask-foreign-record.ts';
import { readEvent } from './read-event.ts';
import type { InboxSubscription } from './subscription.ts';

/** Reads a record: what it says, or why it is dead, and the hash of its bytes. */
export function readRow(topic: InboxSubscription['topic'], row: PendingRow, maxCrashes: number): ReadRow {
  const { key, value, crashes, headers, event } = row;
  const read = { row, hash: hash('sha256', value ?? '', 'buffer') };
  if (event !== undefined) return { ...read, event };
  if (crashes >= maxCrashes) {
    const detail = `the process died ${crashes} times while it handled this record`;
    return { ...read, death: { reason: 'crashes', detail } };
  }
  const death = deathInHeaders(topic, headers);
  if (death !== undefined) return { ...read, death };
  if (value === null)
    return { ...read, death: { reason: 'empty', detail: 'a record without value says nothing here' } };
  return { ...read, ...readEvent(topic, key, value) };
}
