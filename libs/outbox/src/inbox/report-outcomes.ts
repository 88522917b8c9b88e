import type { HandlingSpans } from '../records/start-handling.ts';
import { endSpan } from '../records/start-handling.ts';
import type { PendingRow } from '../records/inbox-rows.ts';
import type { InboxWorker } from './inbox-worker.ts';
import type { Classification } from './classify-rows.ts';
import type { Outcome } from '../subscriptions/outcome.ts';

const OUTCOMES = { apply: 'applied', superseded: 'superseded', repeated: 'repeated', dead: 'dead' } as const;

/** Tells what became of a row, after its transaction has committed: span, counter, listener, and the log when somebody must act. */
export function reportClassification(worker: InboxWorker, classification: Classification, spans: HandlingSpans): void {
  const { row } = classification.read;
  const isUnchanged = classification.kind === 'apply' && classification.isUnchanged === true;
  const outcome = isUnchanged ? 'unchanged' : OUTCOMES[classification.kind];
  const detail = classification.kind === 'dead' ? classification.reason : undefined;
  endSpan(spans, row.id, detail);
  worker.counts.add(`${outcome}_total`);
  if (classification.kind === 'dead')
    worker.log.error(
      { ...placeOf(worker, row), reason: classification.reason, detail: classification.detail },
      'record is a dead letter',
    );
  worker.onOutcome({
    ...outcomeOf(worker, row, outcome),
    ...(detail === undefined ? {} : { detail }),
    ...(classification.event === undefined ? {} : { eventId: classification.event.eventId }),
  });
}

/** Tells that a row failed and that its key waits to try again. */
export function reportRetry(worker: InboxWorker, row: PendingRow, detail: string, spans: HandlingSpans): void {
  endSpan(spans, row.id, 'retry');
  worker.counts.add('retries_total');
  worker.log.warn({ ...placeOf(worker, row), detail }, 'record failed, its key waits');
  worker.onOutcome({ ...outcomeOf(worker, row, 'parked'), detail: 'retry' });
}

/** Tells that a key waits for a version that has not come; `row` is the first that is too new. */
export function reportGap(worker: InboxWorker, row: PendingRow): void {
  worker.counts.add('gap_waits_total');
  worker.onOutcome({ ...outcomeOf(worker, row, 'parked'), detail: 'gap' });
}

/** Tells that keys went on without a version that never came: somebody must find out where it is. */
export function reportPassedGaps(worker: InboxWorker, keys: number): void {
  if (keys === 0) return;
  worker.counts.add('gaps_passed_total', keys);
  worker.log.error({ subscription: worker.subscription.name, keys }, 'went on without a version that never came');
}

// Never the key: it is an aggregate's id, and the record is found by its place.
const placeOf = ({ subscription }: InboxWorker, row: PendingRow): object => ({
  subscription: subscription.name,
  topic: row.topic,
  partition: row.partition,
  offset: row.recordOffset,
});

const outcomeOf = ({ subscription }: InboxWorker, row: PendingRow, outcome: Outcome['outcome']): Outcome => ({
  subscription: subscription.name,
  topic: row.topic,
  partition: row.partition,
  offset: BigInt(row.recordOffset),
  key: row.key,
  outcome,
});
