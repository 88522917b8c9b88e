import type { RawRecord } from '@bijli/kafka';
import type { AnyEvent } from '../records/inbox-rows.ts';
import { excessOf, leftInTopic } from '../dead-letters/left-in-topic.ts';
import type { DeadReason } from '../records/read-event.ts';
import { readEvent } from '../records/read-event.ts';
import type { ProjectionSubscription } from '../subscriptions/subscription.ts';

/** What one record means to a projection. */
export type Reading = { readonly record: RawRecord } & (
  | { readonly event: AnyEvent }
  | { readonly tombstoneOf: string }
  | { readonly deadReason: DeadReason }
);

/** Reads of a record what its projection reads. */
export function readProjected(
  { topic, reads }: Pick<ProjectionSubscription, 'topic' | 'reads'>,
  record: RawRecord,
): Reading {
  const { key, value } = record;
  const excess = excessOf(topic, record);
  if (excess !== null) return { record: leftInTopic(record, excess), deadReason: excess };
  if (key === null) return { record, deadReason: { reason: 'no-key', detail: 'the record has no key' } };
  if (value === null) return { record, tombstoneOf: key };
  const read = readEvent(topic, key, value, reads);
  return 'event' in read ? { record, event: read.event } : { record, deadReason: read.deadReason };
}

/**
 * Keeps of each key the record that says most, in the order of a batch: the highest version after the latest tombstone, or that tombstone.
 * Dead records are all kept.
 */
export function newestOfKeys(readings: readonly Reading[]): { newest: Reading[]; older: Reading[] } {
  const newest = new Map<string, Reading>();
  const dead: Reading[] = [];
  const older: Reading[] = [];
  for (const reading of readings) {
    const key = reading.record.key ?? '';
    const before = newest.get(key);
    if ('deadReason' in reading) dead.push(reading);
    else if (before !== undefined && saysMore(before, reading)) older.push(reading);
    else {
      if (before !== undefined) older.push(before);
      newest.set(key, reading);
    }
  }
  return { newest: [...newest.values(), ...dead], older };
}

const saysMore = (before: Reading, after: Reading): boolean =>
  'event' in before && 'event' in after && after.event.version <= before.event.version;
