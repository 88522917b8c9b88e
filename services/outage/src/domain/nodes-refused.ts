import type { RestoreNodes, Surroundings } from './commands.ts';
import { type OutageRefusal, type RejectionCode, refuse } from './decision.ts';
import { MAX_NODES } from './limits.ts';
import { isWithin, type Network } from './network.ts';
import { isAnyBack, isOff, type NamedNodes, type OffNodes, offOf, sizeOf } from './off-nodes.ts';
import type { Outage } from './outage.ts';

/** Says why an outage cannot be opened, or null: what is wrong with its times stands between its lists and what surrounds it. */
export function openingRefused(command: NamedNodes & Surroundings, times: RejectionCode | null): OutageRefusal | null {
  if (command.nodeIds.length === 0) return refuse('node-count', { places: ['nodeIds'] });
  const wrong = listsRefused(command);
  if (wrong !== null) return wrong;
  if (times !== null) return refuse(times);
  return (
    unknownRefused(command) ??
    notBelow(command, command.network) ??
    sizeRefused(offOf(command, command.network)) ??
    alreadyOut(command)
  );
}

/** Says that one of exactly these nodes is out at that time, or null. */
export function alreadyOut({ alreadyOutIn }: Pick<Surroundings, 'alreadyOutIn'>): OutageRefusal | null {
  return alreadyOutIn === null ? null : refuse('already-out', { outageId: alreadyOutIn });
}

/** Says why supply cannot be back at these nodes of an outage, or null. `named` is what the step means, `left` what is off after it. */
export function stepRefused(
  outage: Outage,
  { network, ...command }: RestoreNodes,
  named: NamedNodes,
  left: OffNodes,
): OutageRefusal | null {
  const opened = new Set(outage.opened.nodeIds);
  const excepted = new Set(outage.opened.exceptNodeIds);
  const isForeign = (code: string): boolean =>
    !isWithin(network, code, opened) || (isWithin(network, code, excepted) && !isOff(outage, code, network));
  const isBack = (code: string): boolean => !isOff(outage, code, network);
  return (
    listsRefused(command) ??
    unknownRefused(command) ??
    notBelow(named, network) ??
    pointAt('not-in-outage', command, isForeign) ??
    pointAt('already-energised', command, isBack) ??
    (isAnyBack(outage, named, network) ? null : refuse('excludes-everything')) ??
    (sizeOf(left) > MAX_NODES ? refuse('too-many-parts') : null)
  );
}

/** Says that a list is too long or names a node twice, or null. */
function listsRefused({ nodeIds, exceptNodeIds }: NamedNodes): OutageRefusal | null {
  const lists = Object.entries({ nodeIds, exceptNodeIds });
  const long = lists.find(([, codes]) => codes.length > MAX_NODES);
  if (long !== undefined) return refuse('node-count', { places: [long[0]] });
  const twice = lists.find(([, codes]) => new Set(codes).size < codes.length);
  return twice === undefined ? null : refuse('duplicate-node', { places: [twice[0]] });
}

function unknownRefused({ unknownNodes }: Pick<Surroundings, 'unknownNodes'>): OutageRefusal | null {
  return unknownNodes.length === 0 ? null : refuse('unknown-node', { places: unknownNodes });
}

function notBelow({ nodeIds, exceptNodeIds }: NamedNodes, network: Network): OutageRefusal | null {
  const named = new Set(nodeIds);
  return pointAt('not-below', { nodeIds: [], exceptNodeIds }, (code) => !isWithin(network, code, named));
}

function sizeRefused(off: OffNodes): OutageRefusal | null {
  if (sizeOf(off) === 0) return refuse('excludes-everything');
  return sizeOf(off) > MAX_NODES ? refuse('too-many-parts') : null;
}

/** Refuses by a code, pointing at each code of the lists that is wrong, or null where none is. */
function pointAt(
  code: RejectionCode,
  { nodeIds, exceptNodeIds }: NamedNodes,
  isWrong: (node: string) => boolean,
): OutageRefusal | null {
  const places = Object.entries({ nodeIds, exceptNodeIds }).flatMap(([list, nodes]) =>
    nodes.flatMap((node, position) => (isWrong(node) ? [`${list}.${position}`] : [])),
  );
  return places.length === 0 ? null : refuse(code, { places });
}
