import { type Database, withTransaction } from '@bijli/postgres';
import { currentTraceId, type Logger, metric, type Part, withSpan } from '@bijli/service';
import { closeUnanswered } from '../flows/close-unanswered.ts';
import { countComplaints } from '../store/count-complaints.ts';
import { isAnswerDue } from '../store/unanswered-complaints.ts';

/** One transaction closes so many, so that nobody who answers late waits long. */
const CLOSED_AT_ONCE = 100;

export type SweeperInput = {
  readonly db: Database;
  readonly log: Logger;
  readonly clock: () => Date;
  readonly everyMs: number;
};

/**
 * Makes the part that closes, every `everyMs`, complaints whose consumer was asked and did not answer in time. Replicas
 * may all run it: one at a time closes.
 */
export function closeSweeper({ db, log, clock, everyMs }: SweeperInput): Part {
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<void> | null = null;
  let isStopping = false;
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
  const sweep = async () => {
    if (!(await isAnswerDue(db, clock()))) return;
    let closed: number;
    do {
      closed = await closeSome();
      counters.closed += closed;
    } while (closed === CLOSED_AT_ONCE && !isStopping);
  };
  // One at a time, however long it takes.
  const sweepSafely = () => {
    sweeping ??= sweep()
      .catch((err: unknown) => {
        counters.failures += 1;
        log.warn({ err }, 'closing unanswered complaints failed, will be tried again');
      })
      .finally(() => {
        sweeping = null;
      });
  };

  return {
    name: 'close-sweeper',
    start: async () => {
      sweepSafely();
      timer = setInterval(sweepSafely, everyMs);
    },
    stop: async () => {
      isStopping = true;
      clearInterval(timer);
      await sweeping;
    },
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
