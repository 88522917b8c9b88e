export type { Answer, Once } from './answer-once.ts';
export { ANSWER_DAYS } from './clean-tables.ts';
export { appendEvents, appendTombstones } from './append-events.ts';
export type {
  DeadLetter,
  DeadLetterDecision,
  DeadLetterFilter,
  DeadLetterGroup,
  WholeDeadLetter,
} from './dead-letters.ts';
export { getDeadLetter, groupDeadLetters, listDeadLetters } from './dead-letters.ts';
export { discardDeadLetter, replayDeadLetter } from './decide-dead-letter.ts';
export type { Failpoint } from './inbox-worker.ts';
export { maskLongNumbers } from './mask-numbers.ts';
export { NotYetError } from './not-yet-error.ts';
export { onceInTransaction, Undone } from './once-in-transaction.ts';
export type { OnOutcome, Outcome } from './outcome.ts';
export type { Part, Readiness } from './part.ts';
export type { RelayOptions } from './relay-outbox.ts';
export { outboxRelay } from './relay-outbox.ts';
export { runSubscriptions } from './run-subscriptions.ts';
export type { RunOptions } from './running.ts';
export type { InboxSettings } from './settings.ts';
export type {
  Heard,
  InboxDefinition,
  InboxSubscription,
  Lateness,
  ProjectionDefinition,
  ProjectionSubscription,
  ReturnedEvent,
  Subscription,
} from './subscription.ts';
export { inbox, projection } from './subscription.ts';
