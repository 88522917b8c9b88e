import type { EnvelopeField, EventOf, TopicName } from '@bijli/events';
import type { Transaction } from '@bijli/postgres';
import type { Context } from '@opentelemetry/api';

/** An event as a handler gets it. */
export type Heard<E> = {
  readonly event: E;
  /** Carries the consumer span: what is done under it continues the trace in which the event was published. */
  readonly context: Context;
  /** The record's own `traceparent`; absent when the event was said outside any trace. */
  readonly traceparent?: string;
  /** When this service stored the record or, where it is handled as it arrives, when it did so. */
  readonly receivedAt: Date;
};

/**
 * What a late event means. `latest-wins`: an event older than one already applied is only recorded, and a dead letter holds its key until
 * somebody replays or discards it. `every-event`: each is applied, however late. `any-order`: the events come from a system that does not
 * number them; each is applied in the order of arrival, and versions are not looked at.
 */
export type Lateness = 'latest-wins' | 'every-event' | 'any-order';

type AnyEvent = EventOf<TopicName>;

/** An event that its handler refuses by a rule of its own; `detail` says `<field>: <rule>` and holds no value of the event. */
export type RefusedEvent = { readonly eventId: string; readonly detail: string };
/** An event that its handler had nothing to do for, because what it says was so before: handled, and told as `unchanged`. */
export type UnchangedEvent = { readonly eventId: string; readonly isUnchanged: true };
/** An event that its handler gives back, because it is not simply applied. */
export type ReturnedEvent = RefusedEvent | UnchangedEvent;

export type InboxDefinition<E> = {
  /** Names the subscription within its service: kebab-case, never changed. */
  readonly name: string;
  readonly lateness: Lateness;
  /** Of how many keys the events that arrive together are applied in one transaction; of all unless told. Where one takes long, others need not wait for it. */
  readonly keysAtOnce?: number;
  /**
   * Applies the effects of events, set-based, inside `tx` and nowhere else: those of one key in order of version (`any-order`: of arrival), none applied before.
   * Several calls, for other keys, may be at work at once. When it throws, it is called again with fewer events until the one that fails is alone; so it must not remember anything outside `tx`.
   * It returns the events that break a rule, and has then done nothing for them: they become dead letters (`refused`) at once, and their
   * neighbours are not delayed. Not where `latest-wins`: there a dead letter holds its key. It also returns the events that changed
   * nothing: they are counted as `unchanged`.
   */
  apply(tx: Transaction, events: readonly Heard<E>[]): Promise<void | readonly ReturnedEvent[]>;
};

export type ProjectionDefinition<E> = {
  readonly name: string;
  /** Members of its group in this process, 1 unless told: while PostgreSQL writes what one brought, another takes the next records apart. */
  readonly readers?: number;
  /** Upserts full states inside `tx`, `where version > stored`; the newest of each key of a batch, possibly again, possibly older ones. */
  // As a property the compiler holds it to the fields that the projection reads; of a method it would let one ask for more.
  readonly apply: (tx: Transaction, events: readonly Heard<E>[]) => Promise<void>;
  /** Forgets the keys whose owner wrote a tombstone; without it tombstones are ignored. */
  applyTombstones?(tx: Transaction, keys: readonly string[]): Promise<void>;
};

export type InboxSubscription = InboxDefinition<AnyEvent> & { readonly mode: 'inbox'; readonly topic: TopicName };
export type ProjectionSubscription = ProjectionDefinition<AnyEvent> & {
  readonly mode: 'projection';
  readonly topic: TopicName;
  /** The fields of an event that it reads; all unless told. */
  readonly reads?: readonly string[];
};
/** One thing a service hears, as a value; `subscriptions/index.ts` of a service is an array of them. */
export type Subscription = InboxSubscription | ProjectionSubscription;

/** Declares a subscription for facts that cause effects: applied exactly once by event id, as they arrive or, where that fails, stored first. */
export function inbox<T extends TopicName>(topic: T, definition: InboxDefinition<EventOf<T>>): InboxSubscription {
  return { mode: 'inbox', topic, ...(definition as InboxDefinition<AnyEvent>) };
}

type FieldOf<T extends TopicName> = keyof EventOf<T> & string;

/**
 * Declares a subscription for full states with a version on a compacted topic: applied straight from Kafka, idempotent by version. One that names
 * the fields that it `reads` gets those and the envelope: of a state of which it needs half the other half costs most.
 */
export function projection<T extends TopicName, F extends FieldOf<T> = FieldOf<T>>(
  topic: T,
  definition: ProjectionDefinition<Pick<EventOf<T>, F | EnvelopeField>> & { readonly reads?: readonly F[] },
): ProjectionSubscription {
  return { mode: 'projection', topic, ...(definition as unknown as ProjectionDefinition<AnyEvent>) };
}
