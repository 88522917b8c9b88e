import { answerQuestion, closeByTimeOut, reopenComplaint } from './close-complaint.ts';
import type { Complaint, ComplaintCommand, ComplaintDecision } from './complaint.ts';
import { joinComplaint, lodgeComplaint } from './lodge-complaint.ts';
import { refuse } from './outcome.ts';
import { assignComplaint, beginWork, resolveComplaint } from './work-on-complaint.ts';

/**
 * Decides a command on a complaint, null before its first event: refused by a code, or accepted with the complaint after
 * it and one event of the next version, none where lodging again only joins. Lodging is decided on the complaint that `complaintToJoin`
 * finds. Ids, numbers and `now` (UTC) are given; nothing else is looked at.
 */
export function decide(complaint: Complaint | null, command: ComplaintCommand, now: Date): ComplaintDecision {
  if (command.type === 'lodge-complaint')
    return complaint === null ? lodgeComplaint(command, now) : joinComplaint(complaint, command, now);
  if (complaint === null) return refuse('no-such-complaint');
  switch (command.type) {
    case 'assign-complaint':
      return assignComplaint(complaint, command, now);
    case 'begin-work':
      return beginWork(complaint, command, now);
    case 'resolve-complaint':
      return resolveComplaint(complaint, command, now);
    case 'answer-question':
      return answerQuestion(complaint, command, now);
    case 'reopen-complaint':
      return reopenComplaint(complaint, command, now);
    case 'close-by-time-out':
      return closeByTimeOut(complaint, command, now);
  }
}
