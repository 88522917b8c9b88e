import { changeRestorationEstimate, restoreSupply } from './change-outage.ts';
import { announcePlannedWork, reportOutage } from './open-outage.ts';
import { type Outage, type OutageCommand, type OutageDecision, refuse } from './outage.ts';

/**
 * Decides a command on an outage, null before its first event: refused by a code, accepted as what changes nothing, or accepted with the
 * outage after it and one event of the next version. Ids and `now` (UTC) are given; nothing else is looked at.
 */
export function decide(outage: Outage | null, command: OutageCommand, now: Date): OutageDecision {
  switch (command.type) {
    case 'announce-planned-work':
      return outage === null ? announcePlannedWork(command, now) : refuse('already-exists');
    case 'report-outage':
      return outage === null ? reportOutage(command, now) : refuse('already-exists');
    case 'change-restoration-estimate':
      return outage === null ? refuse('no-such-outage') : changeRestorationEstimate(outage, command, now);
    case 'restore-supply':
      return outage === null ? refuse('no-such-outage') : restoreSupply(outage, command, now);
  }
}
