import type { ComplaintEvent } from '@bijli/events';
import type { ComplaintSubject, PersonalMessage, PersonalNews, Subject, Withdrawal } from './personal-message.ts';

const HOUR_MS = 3_600_000;
/** How long the news of a complaint stays worth telling once it is planned. */
const WORTH_TELLING_MS = 24 * HOUR_MS;
/** What is older than this when it is heard waits for an operator. */
const LATE_NEWS_MS = 6 * HOUR_MS;

/** An answer that would be told this close to the end of its outage, or later, is told as the number alone. */
const TOO_CLOSE_MS = 5 * 60_000;

/** How an outage stands, as far as the notifier has heard; supply is back when there is no estimate. */
export type OutageStanding = {
  readonly estimatedRestorationAt: Date | null;
};

/**
 * Decides what a step of a complaint means to the person who lodged it: its number when it is lodged, cause and
 * ETR when an open outage explains it, the question "is it back?" when it is said to be resolved. "Fixed" is told only with
 * the consumer's own word as the proof: a time-out closes in silence. An answer that is not what the
 * outage says by now is told as the number alone.
 * @param outageNow how the outage that explains it stands; undefined where nothing was heard of it.
 */
export function complaintNews(event: ComplaintEvent, now: Date, outageNow?: OutageStanding): PersonalNews {
  const { aggregateId, connectionId, version } = event;
  const subject = subjectOf(event, now, outageNow);
  return {
    connectionId,
    version,
    withdraws: withdrawalsOf(event),
    message: subject === null ? null : messageOf(event, aggregateId, subject, now),
  };
}

function messageOf(event: ComplaintEvent, complaintId: string, subject: ComplaintSubject, now: Date): PersonalMessage {
  const { complaintNumber, outageId, cause, estimatedRestorationAt } = event;
  return {
    kind: 'complaint',
    connectionId: event.connectionId,
    subject,
    reference: referenceOf(complaintId, event.cycle),
    version: event.version,
    family: subject,
    facts: {
      complaintNumber,
      ...(outageId === null ? {} : { outageId }),
      ...(cause === null ? {} : { cause }),
      ...(estimatedRestorationAt === null ? {} : { estimatedRestorationAt: estimatedRestorationAt.toISOString() }),
    },
    onlyIfTold: null,
    undoneBy: null,
    overtakenBy: null,
    notAfter: endOfUse(subject, event, now),
    isHeld: now.getTime() - event.occurredAt.getTime() > LATE_NEWS_MS,
  };
}

/** One text of a subject per complaint and cycle. */
const referenceOf = (complaintId: string, cycle: number): string => `${complaintId}/${cycle}`;

function subjectOf(event: ComplaintEvent, now: Date, outageNow: OutageStanding | undefined): ComplaintSubject | null {
  switch (event.type) {
    case 'ComplaintLodged':
      return 'complaint-lodged';
    case 'ComplaintAnswered':
      return answers(event, now, outageNow) ? 'complaint-answered' : 'complaint-lodged';
    case 'ComplaintResolved':
      return 'complaint-resolved';
    case 'ComplaintClosed':
      return event.proof === 'consumer-confirmed' ? 'complaint-fixed' : null;
    default:
      return null;
  }
}

/** Without cause and time it would answer nothing. */
function answers(
  { outageId, cause, estimatedRestorationAt }: ComplaintEvent,
  now: Date,
  outageNow: OutageStanding | undefined,
): boolean {
  if (outageId === null || cause === null || estimatedRestorationAt === null) return false;
  if (estimatedRestorationAt.getTime() - now.getTime() < TOO_CLOSE_MS) return false;
  return outageNow === undefined || outageNow.estimatedRestorationAt?.getTime() === estimatedRestorationAt.getTime();
}

/**
 * A question that was answered, or a "fixed" that was taken back, is not asked or told any more. The status decides, whatever
 * the type: "is it fixed?" is asked only of a complaint that stands as resolved, and "fixed" told only of a closed one.
 */
function withdrawalsOf({ status, aggregateId, cycle }: ComplaintEvent): Withdrawal[] {
  if (status === 'lodged' || status === 'answered') return [];
  const withdrawn = (subject: Subject, of: number): Withdrawal => ({
    subject,
    reference: referenceOf(aggregateId, of),
  });
  return [
    ...(status === 'resolved' ? [] : [withdrawn('complaint-resolved', cycle)]),
    ...(status === 'closed' ? [] : [withdrawn('complaint-fixed', cycle)]),
    ...(cycle > 1 ? [withdrawn('complaint-resolved', cycle - 1), withdrawn('complaint-fixed', cycle - 1)] : []),
  ];
}

/** A promise of supply by an instant is worth nothing from that instant on. */
function endOfUse(subject: Subject, { estimatedRestorationAt }: ComplaintEvent, now: Date): Date {
  if (subject === 'complaint-answered' && estimatedRestorationAt !== null) return estimatedRestorationAt;
  return new Date(now.getTime() + WORTH_TELLING_MS);
}
