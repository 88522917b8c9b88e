import type { Transaction } from '@bijli/postgres';
import type { Alone, ChangingCommand, OpeningCommand, Surroundings } from '../domain/commands.ts';
import { type Network, networkOf } from '../domain/network.ts';
import { type NamedNodes, offOf } from '../domain/off-nodes.ts';
import { windowOf } from '../domain/open-outage.ts';
import type { Outage } from '../domain/outage.ts';
import { findOutageOnNodes } from '../store/find-outage-on-nodes.ts';
import { findUnknownNodes } from '../store/find-unknown-nodes.ts';
import { loadNetwork } from '../store/load-network.ts';

/** Reads what surrounds an opening, inside the caller's transaction. */
export async function aroundOpening(tx: Transaction, opening: Alone<OpeningCommand>, now: Date): Promise<Surroundings> {
  const kind = opening.type === 'report-outage' ? 'unplanned' : 'planned';
  const network = opening.exceptNodeIds.length === 0 ? networkOf([]) : await networkAround(tx, [opening]);
  const sought = { kind, ...offOf(opening, network), ...windowOf(opening, now), except: null } as const;
  const alreadyOutIn = await findOutageOnNodes(tx, sought);
  return { unknownNodes: await unknownIn(tx, opening), alreadyOutIn, network };
}

/** Reads what surrounds a change of an outage, inside the caller's transaction: what the change may ask for, and no more. */
export async function aroundChange(
  tx: Transaction,
  outage: Outage | null,
  command: Alone<ChangingCommand>,
): Promise<Surroundings> {
  if (outage === null) return { unknownNodes: [], alreadyOutIn: null, network: networkOf([]) };
  const named = 'nodeIds' in command ? command : { nodeIds: [], exceptNodeIds: [] };
  const network = await networkOfOutage(tx, outage, [named]);
  const isAnnouncement = command.type === 'announce-approved-work';
  const known = isAnnouncement ? { ...outage, ...offOf(outage.opened, network) } : outage;
  const unknownNodes = await unknownIn(tx, isAnnouncement ? outage.opened : named);
  return { network, unknownNodes, alreadyOutIn: await otherOut(tx, known, command) };
}

/** Reads the network around an outage and the nodes that changes of it name; it is not asked for where they name none and none is excepted. */
export async function networkOfOutage(tx: Transaction, outage: Outage, named: readonly NamedNodes[]): Promise<Network> {
  const { opened, nodeIds, ownNodeIds } = outage;
  const isWhole = ({ nodeIds: some, exceptNodeIds }: NamedNodes) => some.length + exceptNodeIds.length === 0;
  if (opened.exceptNodeIds.length === 0 && named.every(isWhole)) return networkOf([]);
  return await networkAround(tx, [opened, { nodeIds, exceptNodeIds: ownNodeIds }, ...named]);
}

async function networkAround(tx: Transaction, named: readonly NamedNodes[]): Promise<Network> {
  return networkOf(
    await loadNetwork(
      tx,
      named.flatMap(({ nodeIds, exceptNodeIds }) => [...nodeIds, ...exceptNodeIds]),
    ),
  );
}

async function unknownIn(tx: Transaction, { nodeIds, exceptNodeIds }: NamedNodes): Promise<string[]> {
  const named = await findUnknownNodes(tx, nodeIds);
  const excepted = await findUnknownNodes(tx, exceptNodeIds);
  return [...named.map((at) => `nodeIds.${at}`), ...excepted.map((at) => `exceptNodeIds.${at}`)];
}

/** Another outage on the same nodes counts where an outage comes to be in another period than before. */
async function otherOut(tx: Transaction, outage: Outage, command: Alone<ChangingCommand>): Promise<string | null> {
  const period = newPeriod(outage, command);
  if (period === null) return null;
  const { kind, nodeIds, ownNodeIds, id } = outage;
  return await findOutageOnNodes(tx, { kind, nodeIds, ownNodeIds, ...period, except: id });
}

function newPeriod(outage: Outage, command: Alone<ChangingCommand>): { from: Date; to: Date | null } | null {
  const { startsAt: from, estimatedRestorationAt: to } = outage;
  switch (command.type) {
    case 'announce-approved-work':
    case 'reopen-outage':
      return { from, to };
    case 'reschedule-planned-work':
      return { from: command.startsAt ?? from, to: command.endsAt ?? to };
    case 'change-restoration-estimate':
      return outage.status === 'announced' ? { from, to: command.estimatedRestorationAt } : null;
    default:
      return null;
  }
}
