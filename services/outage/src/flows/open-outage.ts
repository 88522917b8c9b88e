import type { Transaction } from '@bijli/postgres';
import type { Alone, OpeningCommand } from '../domain/commands.ts';
import { decide } from '../domain/decide.ts';
import { REOPEN_WITHIN_MS } from '../domain/limits.ts';
import { offOf } from '../domain/off-nodes.ts';
import { windowOf } from '../domain/open-outage.ts';
import { findOutagesToJoin } from '../store/find-outages-to-join.ts';
import { loadOutageForUpdate } from '../store/load-outage-for-update.ts';
import { lockSubstations } from '../store/lock-substations.ts';
import { aroundOpening } from './look-around.ts';
import { type Moment, saveDecision, type Saved } from './save-decision.ts';

/** What came of an opening: a new outage, or one that was there (`isJoined`). */
export type Opened = Saved & { readonly isJoined: boolean };

/**
 * Opens an outage inside the caller's transaction: looks around under the locks of the substations, decides, stores, and appends the event. A
 * report is first tried on the outages that it may be about. `knownId` is the one that the caller means by it, where there is one.
 */
export async function openOutage(
  tx: Transaction,
  opening: Alone<OpeningCommand>,
  { now, traceId }: Moment,
  knownId: string | null = null,
): Promise<Opened> {
  await lockSubstations(tx, opening.nodeIds);
  const command: OpeningCommand = { ...opening, ...(await aroundOpening(tx, opening, now)) };
  const ids = knownId === null ? await toJoin(tx, command, now) : [knownId];
  for (const id of ids) {
    const before = await loadOutageForUpdate(tx, id);
    const decision = decide(before, command, now);
    if (decision.accepted || knownId !== null)
      return { ...(await saveDecision(tx, before, decision, traceId)), isJoined: true };
  }
  return { ...(await saveDecision(tx, null, decide(null, command, now), traceId)), isJoined: false };
}

async function toJoin(tx: Transaction, command: OpeningCommand, now: Date): Promise<string[]> {
  if (command.type !== 'report-outage') return [];
  const restoredSince = new Date(windowOf(command, now).from.getTime() - REOPEN_WITHIN_MS);
  return await findOutagesToJoin(tx, { named: command, off: offOf(command, command.network), restoredSince });
}
