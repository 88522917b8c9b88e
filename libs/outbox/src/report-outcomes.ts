import type { HeardSpans } from './hear.ts';
import { endSpan } from './hear.ts';
import type { PendingRow } from './inbox-rows.ts';
import type { InboxWorker } from './inbox-worker.ts';
import type { Verdict } from './judge-rows.ts';
import type { Outcome } from './outcome.ts';

const OUTCOMES = { apply: 'applied', superseded: 'superseded', repeated: 'repeated', dead: 'dead' } as const;

/** Tells what became of a row, after its transaction has committed: span, counter, listener, and the log when somebody must act. */
export function reportVerdict(worker: InboxWorker, verdict: Verdict, spans: HeardSpans): void {
  const { row } = verdict.read;
  const isUnchanged = verdict.kind === 'apply' && verdict.isUnchanged === true;
  const outcome = isUnchanged ? 'unchanged' : OUTCOMES[verdict.kind];
  const detail = verdict.kind === 'dead' ? verdict.reason : undefined;
  endSpan(spans, row.id, detail);
  worker.counts.add(`${outcome}_total`);
  if (verdict.kind === 'dead')
    worker.log.error(
      { ...placeOf(worker, row), reason: verdict.reason, detail: verdict.detail },
      'record is a dead letter',
    );
  worker.onOutcome({
    ...outcomeOf(worker, row, outcome),
    ...(detail === undefined ? {} : { detail }),
    ...(verdict.event === undefined ? {} : { eventId: verdict.event.eventId }),
  });
}

/** Tells that a row failed and that its key waits to try again. */
export function reportRetry(worker: InboxWorker, row: PendingRow, detail: string, spans: HeardSpans): void {
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
