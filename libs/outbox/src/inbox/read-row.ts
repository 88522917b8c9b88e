import { hash } from 'node:crypto';
import type { PendingRow } from '../records/inbox-rows.ts';
import type { ReadRow } from './classify-rows.ts';
import { deadReasonInHeaders } from '../dead-letters/mask-foreign-record.ts';
import { readEvent } from '../records/read-event.ts';
import type { InboxSubscription } from '../subscriptions/subscription.ts';

/** Reads a record: what it says, or why it is dead, and the hash of its bytes. */
export function readRow(topic: InboxSubscription['topic'], row: PendingRow, maxCrashes: number): ReadRow {
  const { key, value, crashes, headers, event } = row;
  const read = { row, hash: hash('sha256', value ?? '', 'buffer') };
  if (event !== undefined) return { ...read, event };
  if (crashes >= maxCrashes) {
    const detail = `the process died ${crashes} times while it handled this record`;
    return { ...read, deadReason: { reason: 'crashes', detail } };
  }
  const deadReason = deadReasonInHeaders(topic, headers);
  if (deadReason !== null) return { ...read, deadReason };
  if (value === null)
    return { ...read, deadReason: { reason: 'empty', detail: 'a record without value says nothing here' } };
  return { ...read, ...readEvent(topic, key, value) };
}
