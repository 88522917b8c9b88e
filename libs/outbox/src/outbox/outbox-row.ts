/** What a row of the outbox says of an event, in the words of CloudEvents; its value is `length` octets of the row's payload from `start` on. */
export type ListedEvent = {
  readonly key: string;
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly start: number;
  readonly length: number;
};

/** Kafka forgets this key. */
export type ListedTombstone = { readonly key: string };

/** What one statement said: events of one topic, or tombstones, and the values of all, one after the other. */
export type OutboxRow = {
  readonly topic: string;
  readonly traceparent: string | null;
  readonly events: readonly (ListedEvent | ListedTombstone)[];
  readonly payload: Buffer;
};
