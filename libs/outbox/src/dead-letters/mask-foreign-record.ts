import type { TopicName } from '@bijli/events';
import { isFromOutside } from '@bijli/events';
import type { RawRecord } from '@bijli/kafka';
import { excessOf, LEFT_HEADER, leftInTopic } from './left-in-topic.ts';
import { holdsNumber, blankNumbers, blankNumbersInText } from './blank-numbers.ts';
import type { AnyEvent } from '../records/inbox-rows.ts';
import type { DeadReason } from '../records/read-event.ts';
import { readEvent } from '../records/read-event.ts';
import { storableKey } from '../records/store-records.ts';

/** A header of ours: the record held a number in the open, was masked, and why it is dead. */
export const MASKED_HEADER = 'bijli-masked';

/** Fields whose ten digits name a thing; no other field of a foreign event has a place for a number. */
const IDS: ReadonlySet<string> = new Set(['eventId', 'aggregateId', 'accountNumber', 'reference', 'nodeIds']);
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** A record that is fit to be stored, with its event where it had to be read to know that, or why it is dead where that is known. */
export type TakenRecord = RawRecord & { readonly event?: AnyEvent; readonly deadReason?: DeadReason };

/** Makes a record fit to be stored: nothing is kept of one that is too large, and of a foreign one no number in the open. */
export function takeRecord(topic: TopicName, record: RawRecord): TakenRecord {
  const excess = excessOf(topic, record);
  if (excess === null) return maskForeignRecord(topic, record);
  const left = leftInTopic(record, excess);
  return isFromOutside(topic) ? { ...left, key: blankNumbersInText(storableKey(record.key)) } : left;
}

/**
 * Takes mobile numbers out of a record that somebody else wrote, before it is stored (docs/adr/0006-what-a-dead-letter-keeps.md): one that
 * can be read stays as it is, one that cannot, or that has a number in a field for something else, loses the digits and is dead from then
 * on. Records of our own services are left alone: they hold sealed numbers only.
 */
function maskForeignRecord(topic: TopicName, record: RawRecord): TakenRecord {
  if (!isFromOutside(topic)) return record;
  const { partition, offset, timestamp, key, value } = record;
  const headers = maskHeaders(record.headers);
  const place = { topic: record.topic, partition, offset, timestamp, traceparent: headers['traceparent'] };
  const read = holdsAnyNumber(record) ? readWithoutNumber(topic, record) : undefined;
  if (read === undefined) return { ...place, key, value, headers };
  if ('event' in read) return { ...place, key, value, headers, event: read.event };
  return {
    ...place,
    key: key === null ? null : blankNumbersInText(key),
    value: value === null ? null : blankNumbers(value),
    headers: { ...headers, [MASKED_HEADER]: `${read.deadReason.reason}: ${read.deadReason.detail}` },
    deadReason: read.deadReason,
  };
}

/** Why a stored record is dead, as a header of ours says; null where none does. */
export function deadReasonInHeaders(topic: TopicName, headers: Readonly<Record<string, string>>): DeadReason | null {
  const told = headers[LEFT_HEADER] ?? (isFromOutside(topic) ? headers[MASKED_HEADER] : undefined);
  const [, reason, detail] = /^([^:]+): (.*)$/.exec(told ?? '') ?? [];
  return reason === undefined || detail === undefined ? null : { reason, detail };
}

const holdsAnyNumber = ({ key, value }: RawRecord): boolean =>
  (key !== null && holdsNumber(Buffer.from(key))) || (value !== null && holdsNumber(value));

function readWithoutNumber(
  topic: TopicName,
  { key, value }: RawRecord,
): { event: AnyEvent } | { deadReason: DeadReason } {
  if (value === null) return { deadReason: { reason: 'empty', detail: 'a record without value says nothing here' } };
  const read = readEvent(topic, storableKey(key), value);
  if ('deadReason' in read) return read;
  const stray = Object.entries(read.event).find(
    ([field, told]) => !IDS.has(field) && typeof told === 'string' && holdsNumber(Buffer.from(told)),
  );
  if (stray === undefined) return read;
  return { deadReason: { reason: 'refused', detail: `${stray[0]}: number (A number has no place here)` } };
}

/** None but `traceparent` is looked at again, and that one is made of digits. */
function maskHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const { [MASKED_HEADER]: forged, [LEFT_HEADER]: forgedToo, traceparent, ...others } = headers;
  const masked = Object.entries(others).map(([name, text]) => [blankNumbersInText(name), blankNumbersInText(text)]);
  const isTrace = traceparent !== undefined && TRACEPARENT.test(traceparent);
  return { ...Object.fromEntries(masked), ...(isTrace ? { traceparent } : {}) };
}
