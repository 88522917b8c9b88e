export { appendEvents, appendTombstones } from './outbox/append-events.ts';
export type {
  DeadLetter,
  DeadLetterDecision,
  DeadLetterFilter,
  DeadLetterGroup,
  WholeDeadLetter,
} from './dead-letters/list-dead-letters.ts';
export { getDeadLetter, groupDeadLetters, listDeadLetters } from './dead-letters/list-dead-letters.ts';
export { discardDeadLetter, replayDeadLetter } from './dead-letters/decide-dead-letter.ts';
export type { Failpoint } from './subscriptions/failpoint.ts';
export { blankLongNumbers } from './dead-letters/blank-numbers.ts';
export { NotYetError } from './records/not-yet-error.ts';
export type { OnOutcome, Outcome } from './subscriptions/outcome.ts';
export type { RelayOptions } from './outbox/relay-outbox.ts';
export { outboxRelay } from './outbox/relay-outbox.ts';
export { runSubscriptions } from './run/run-subscriptions.ts';
export type { RunOptions } from './subscriptions/running.ts';
export type { InboxSettings } from './subscriptions/settings.ts';
export type {
  Heard,
  InboxDefinition,
  InboxSubscription,
  Lateness,
  ProjectionDefinition,
  ProjectionSubscription,
  ReturnedEvent,
  Subscription,
} from './subscriptions/subscription.ts';
export { inbox, projection } from './subscriptions/subscription.ts';
