import type { AnnounceApprovedWork, ApprovePlannedWork } from './commands.ts';
import { type OutageDecision, refuse, untold } from './decision.ts';
import { openingRefused } from './nodes-refused.ts';
import { offOf } from './off-nodes.ts';
import type { Outage } from './outage.ts';
import { plannedRefused, told } from './tell.ts';
import { windowRefused } from './times-refused.ts';

/** Approves a draft, by another name than its drafter's. Nobody is told. */
export function approvePlannedWork(outage: Outage, command: ApprovePlannedWork): OutageDecision {
  const { approvedBy } = command;
  const code = plannedRefused(outage, command) ?? (outage.status === 'draft' ? null : 'not-a-draft');
  if (code !== null) return refuse(code);
  if (outage.draftedBy !== null && isSameName(outage.draftedBy, approvedBy)) return refuse('same-person');
  return untold({ ...outage, status: 'approved', approvedBy });
}

/** Announces work that was approved, with its nodes as the network is now; it may be refused for what an announcement is. */
export function announceApprovedWork(outage: Outage, command: AnnounceApprovedWork, now: Date): OutageDecision {
  const code = plannedRefused(outage, command) ?? (outage.status === 'approved' ? null : 'not-approved');
  if (code !== null) return refuse(code);
  const { opened, startsAt, estimatedRestorationAt: endsAt } = outage;
  const refusal = openingRefused({ ...command, ...opened }, windowRefused({ startsAt, endsAt }, now));
  if (refusal !== null) return refusal;
  const after: Outage = { ...outage, ...offOf(opened, command.network), status: 'announced' };
  return told(after, { type: 'PlannedOutageAnnounced', command, now });
}

/** Names are free texts: case, spaces and the width of letters make nobody another person. */
function isSameName(one: string, other: string): boolean {
  return plain(one) === plain(other);
}

const plain = (name: string): string => name.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase();
