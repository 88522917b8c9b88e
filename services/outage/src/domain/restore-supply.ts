import { type RestoreNodes, type RestoreSupply, saidAt } from './commands.ts';
import { type OutageDecision, type OutageRefusal, type RejectionCode, refuse, untold } from './decision.ts';
import { stepRefused } from './nodes-refused.ts';
import { isOff, isSameNamed, type OffNodes, sizeOf, stillOff } from './off-nodes.ts';
import type { Outage } from './outage.ts';
import { saidAgain } from './pending.ts';
import { changed, changeRefused, type Telling, versionRefused } from './tell.ts';
import { restorationRefused } from './times-refused.ts';

/**
 * Ends an outage as a whole: not before it began, not in the future, and once. What nobody was told of ends without a word, a reopening that
 * waits, too.
 */
export function restoreSupply(outage: Outage, command: RestoreSupply, now: Date): OutageDecision {
  if (outage.status === 'restored') return restoreAgain(outage, command);
  const restoredAt = restoredAtOf(outage, command, now);
  const code = restoringRefused(outage, command) ?? restorationRefused(outage, restoredAt, now);
  if (code !== null) return refuse(code);
  const nodeIds = [...outage.nodeIds, ...outage.ownNodeIds];
  return restored(outage, { type: 'SupplyRestored', command, now, energised: { nodeIds, at: restoredAt } });
}

function restoreAgain(outage: Outage, command: RestoreSupply): OutageDecision {
  const stale = versionRefused(outage, command);
  if (outage.pending.length === 0) return saidAgain(outage, command) ?? refuse('already-restored');
  return stale === null ? untold({ ...outage, pending: [] }) : refuse(stale);
}

/** Brings supply back to some nodes of an outage; where it leaves none without, that is the end of it. */
export function restoreNodes(outage: Outage, command: RestoreNodes, now: Date): OutageDecision {
  const { exceptNodeIds, network } = command;
  const nodeIds = command.nodeIds.length === 0 ? outage.opened.nodeIds : command.nodeIds;
  const named = { nodeIds, exceptNodeIds };
  const left = stillOff(outage, named, network);
  const at = restoredAtOf(outage, command, now);
  const code = restoringRefused(outage, command) ?? restorationRefused(outage, at, now);
  if (code !== null) return refuse(code);
  const refusal = stepRefused(outage, command, named, left);
  if (refusal !== null) return (isBack(refusal, outage, command) ? saidAgain(outage, command) : null) ?? refusal;
  const telling = { command, now, energised: { nodeIds, at } };
  if (sizeOf(left) === 0) return restored(outage, { type: 'SupplyRestored', ...telling });
  return stepped(outage, left, { type: 'SupplyPartlyRestored', ...telling });
}

function stepped(
  outage: Outage,
  left: OffNodes,
  telling: Telling & { readonly command: RestoreNodes },
): OutageDecision {
  const pending = outage.pending.filter((each) => !isSameNamed(each, telling.command));
  // Work whose time has come has started, also where nobody has noticed yet.
  const status = outage.status === 'announced' ? 'open' : outage.status;
  return changed(outage, { ...left, status, pending }, telling);
}

/** Whether a step is refused because all of it is back already. */
function isBack({ code }: OutageRefusal, outage: Outage, { nodeIds, network }: RestoreNodes): boolean {
  return code === 'already-energised' && nodeIds.every((node) => !isOff(outage, node, network));
}

/** Its nodes stay what they were until then: they are what came back, and what is off again where it is opened again. */
function restored(outage: Outage, telling: Telling): OutageDecision {
  const { energised } = telling;
  if (outage.status === 'unconfirmed') return untold({ ...outage, status: 'dropped', pending: [] });
  const restoredAt = energised?.at ?? null;
  return changed(outage, { status: 'restored', restoredAt, pending: [] }, telling);
}

/** When it was said where nobody says when: by a machine first, or now. A slow clock shall not keep people from hearing that supply is back. */
function restoredAtOf(outage: Outage, command: RestoreSupply | RestoreNodes, now: Date): Date {
  const named = command.type === 'restore-nodes' ? command : { nodeIds: [], exceptNodeIds: [] };
  const said = outage.pending.find((each) => each.restoredAt !== null && isSameNamed(each, named))?.restoredAt;
  const at = said ?? saidAt(command, now);
  return command.restoredAt ?? (at < outage.startsAt ? outage.startsAt : at);
}

function restoringRefused(outage: Outage, command: RestoreSupply | RestoreNodes): RejectionCode | null {
  const isPrepared = outage.status === 'draft' || outage.status === 'approved';
  return changeRefused(outage, command) ?? (isPrepared ? 'not-announced' : null);
}
