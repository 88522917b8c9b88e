import { type Database, withTransaction } from '@bijli/postgres';
import { metric, type Component, openLoop } from '@bijli/loop';
import type { Logger } from '@bijli/service';
import { currentTraceId, withSpan } from '@bijli/tracing';
import { closeUnanswered } from '../flows/close-unanswered.ts';
import { countComplaints } from '../store/count-complaints.ts';
import { isAnswerDue } from '../store/unanswered-complaints.ts';

/** The most that one transaction closes: a consumer who answers late must not wait long for it. */
const CLOSED_AT_ONCE = 100;

export type SweeperInput = {
  readonly db: Database;
  readonly log: Logger;
  readonly clock: () => Date;
  readonly everyMs: number;
};

/**
 * Makes the component that closes, every `everyMs`, complaints whose consumer was asked and did not answer in time. Replicas
 * may all run it: one at a time closes.
 */
export function closeSweeper({ db, log, clock, everyMs }: SweeperInput): Component {
  const counters = { closed: 0, failures: 0 };

  const closeSome = () =>
    withSpan('close unanswered complaints', {}, async (span) => {
      const moment = { now: clock(), traceId: currentTraceId() };
      const closed = await withTransaction(db, (tx) => closeUnanswered(tx, CLOSED_AT_ONCE, moment));
      for (const { aggregateId: complaintId, eventId, type, version } of closed)
        log.info({ complaintId, eventId, type, version }, 'complaint event');
      span.setAttribute('bijli.closed', closed.length);
      return closed.length;
    });
  const loop = openLoop({
    name: 'close unanswered complaints',
    idleMs: everyMs,
    log,
    onFailure: () => (counters.failures += 1),
    round: async () => {
      if (!(await isAnswerDue(db, clock()))) return false;
      const closed = await closeSome();
      counters.closed += closed;
      return closed === CLOSED_AT_ONCE;
    },
  });

  return {
    name: 'close-sweeper',
    start: async () => loop.start(),
    stop: () => loop.stop(),
    metrics: async () => {
      const { open, overdue, awaitingAnswer } = await countComplaints(db, clock());
      return [
        metric('bijli_complaint_open', 'Complaints that are not closed', open),
        metric(
          'bijli_complaint_overdue',
          'Complaints that are not fixed within the time of their service standard',
          overdue,
        ),
        metric(
          'bijli_complaint_awaiting_answer',
          'Complaints whose consumer was asked whether they are fixed',
          awaitingAnswer,
        ),
        metric('bijli_complaint_closed_by_time_out_total', 'Complaints closed without an answer', counters.closed),
        metric(
          'bijli_complaint_close_sweep_failures_total',
          'Looks for unanswered complaints that failed',
          counters.failures,
        ),
      ];
    },
  };
}
