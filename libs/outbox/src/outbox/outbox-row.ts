/** What a row of the outbox says of an event, in the words of CloudEvents; its value is `length` octets of the row's payload from `start` on. */
export type ListedEvent = { key: string; id: string; type: string; time: string; start: number; length: number };

/** Kafka forgets this key. */
export type ListedTombstone = { key: string };

/** What one statement said: events of one topic, or tombstones, and the values of all, one after the other. */
export type OutboxRow = {
  topic: string;
  traceparent: string | null;
  events: readonly (ListedEvent | ListedTombstone)[];
  payload: Buffer;
};
