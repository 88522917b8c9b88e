import type { TopicName } from '@bijli/events';
import { topics } from '@bijli/events';
import type { RawRecord } from '@bijli/kafka';
import type { DeadReason } from '../records/read-event.ts';

/** A header of ours: the record is too large to be kept, and why. It stays in its topic. */
export const LEFT_HEADER = 'bijli-left-in-topic';

/** As many as Apache httpd takes of a request (LimitRequestFields), and as many octets as Node does (--max-http-header-size). Ours are eight. */
const MAX_HEADERS = 100;
const MAX_HEADER_OCTETS = 16 * 1024;

/** Tells why a record is too large to be handled: of that nothing but its size is looked at. Null for all others. */
export function excessOf(topic: TopicName, { value, headerSize }: RawRecord): DeadReason | null {
  const { maxRecordBytes } = topics[topic];
  if (value !== null && value.length > maxRecordBytes)
    return { reason: 'too-large', detail: `the record has ${value.length} octets, ${topic} allows ${maxRecordBytes}` };
  const { count, octets } = headerSize ?? { count: 0, octets: 0 };
  if (count > MAX_HEADERS || octets > MAX_HEADER_OCTETS)
    return {
      reason: 'headers-too-large',
      detail: `the record has ${count} headers of ${octets} octets, ${MAX_HEADERS} of ${MAX_HEADER_OCTETS} are allowed`,
    };
  return null;
}

/** What is kept of a record that is too large: its place and key, and why it is dead. */
export function leftInTopic(record: RawRecord, deadReason: DeadReason): RawRecord & { deadReason: DeadReason } {
  const { topic, partition, offset, timestamp, key } = record;
  const headers = { [LEFT_HEADER]: `${deadReason.reason}: ${deadReason.detail}` };
  return { topic, partition, offset, timestamp, key, value: null, headers, deadReason };
}

/** SQL: the headers in this column are those of a record that was left in its topic. */
export function isLeftInTopic(column: string): string {
  return `position('"${LEFT_HEADER}":' in ${column}::text) > 0`;
}
