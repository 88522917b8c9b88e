import { above, isWithin, type Network } from './network.ts';

/**
 * What is without supply, as few codes as say it: of `nodeIds` everything below them is; of `ownNodeIds` only what hangs on them directly,
 * since some of what is below them has supply. No node is in both.
 */
export type OffNodes = { readonly nodeIds: readonly string[]; readonly ownNodeIds: readonly string[] };
/** Nodes that a command names, without those below them that it excepts. */
export type NamedNodes = { readonly nodeIds: readonly string[]; readonly exceptNodeIds: readonly string[] };

/** Gives what is without supply where the named nodes are, but for the excepted ones. */
export function offOf({ nodeIds, exceptNodeIds }: NamedNodes, network: Network): OffNodes {
  return takeOut({ nodeIds, ownNodeIds: [] }, exceptNodeIds, network);
}

/** Gives what is still without supply when it is back at the named nodes, but for the excepted ones. */
export function stillOff(off: OffNodes, { nodeIds, exceptNodeIds }: NamedNodes, network: Network): OffNodes {
  const rest = takeOut(off, nodeIds, network);
  const kept = partWithin(off, exceptNodeIds, network);
  return {
    nodeIds: unique([...rest.nodeIds, ...kept.nodeIds]),
    ownNodeIds: unique([...rest.ownNodeIds, ...kept.ownNodeIds]),
  };
}

/** Says whether anything of what is off comes back with supply at the named nodes: whatever is not excepted. */
export function isAnyBack(off: OffNodes, { nodeIds, exceptNodeIds }: NamedNodes, network: Network): boolean {
  const part = partWithin(off, nodeIds, network);
  const kept = new Set(exceptNodeIds);
  return [...part.nodeIds, ...part.ownNodeIds].some((code) => !isWithin(network, code, kept));
}

/** Says whether a node, or something below it, is without supply. */
export function isOff(off: OffNodes, code: string, network: Network): boolean {
  return sizeOf(partWithin(off, [code], network)) > 0;
}

/** Counts the codes that it takes. */
export function sizeOf({ nodeIds, ownNodeIds }: OffNodes): number {
  return nodeIds.length + ownNodeIds.length;
}

/** Says whether the same is without supply, in whatever order it is said. */
export function isSameOff(one: OffNodes, other: OffNodes): boolean {
  return isSameSet(one.nodeIds, other.nodeIds) && isSameSet(one.ownNodeIds, other.ownNodeIds);
}

/** Says whether the same nodes are named, in whatever order. */
export function isSameNamed(one: NamedNodes, other: NamedNodes): boolean {
  return isSameSet(one.nodeIds, other.nodeIds) && isSameSet(one.exceptNodeIds, other.exceptNodeIds);
}

/** A node of which a part goes is split: its place is taken by what hangs on it, and it stays for what hangs on it directly. */
function takeOut(off: OffNodes, codes: readonly string[], network: Network): OffNodes {
  const gone = new Set(codes);
  const isGone = (code: string): boolean => isWithin(network, code, gone);
  const whole = new Set(off.nodeIds);
  const split = new Set(codes.flatMap((code) => splitBy(code, whole, network)).filter((code) => !isGone(code)));
  const parts = [...split].flatMap((code) => network.children.get(code) ?? []);
  const stays = (code: string): boolean => !split.has(code) && !isGone(code);
  return {
    nodeIds: unique([...off.nodeIds, ...parts].filter(stays)),
    ownNodeIds: unique([...off.ownNodeIds.filter((code) => !isGone(code)), ...split]),
  };
}

/** The nodes above one, up to the highest of those that are off as a whole. */
function splitBy(code: string, whole: ReadonlySet<string>, network: Network): string[] {
  const path = above(network, code);
  return path.slice(0, path.findLastIndex((each) => whole.has(each)) + 1);
}

/** The part of what is off that is at or below some nodes. */
function partWithin(off: OffNodes, codes: readonly string[], network: Network): OffNodes {
  const whole = new Set(off.nodeIds);
  const sought = new Set(codes);
  const isSought = (code: string): boolean => isWithin(network, code, sought);
  const within = codes.filter((code) => isWithin(network, code, whole));
  return {
    nodeIds: unique([...within, ...off.nodeIds.filter(isSought)]),
    ownNodeIds: off.ownNodeIds.filter(isSought),
  };
}

const unique = (codes: readonly string[]): string[] => [...new Set(codes)];

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  const codes = new Set(one);
  return codes.size === new Set(other).size && other.every((code) => codes.has(code));
}
