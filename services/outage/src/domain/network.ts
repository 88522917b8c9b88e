/** One node of the network, and the node that feeds it; null at the top. */
export type FedNode = { readonly code: string; readonly parentCode: string | null };

/** The part of the network that a command needs: the nodes that it names with all above them, and what hangs on each of those. */
export type Network = {
  readonly parents: ReadonlyMap<string, string | null>;
  readonly children: ReadonlyMap<string, readonly string[]>;
};

/** Makes a network of its nodes, in any order. */
export function networkOf(nodes: readonly FedNode[]): Network {
  const fed = Map.groupBy(nodes, ({ parentCode }) => parentCode ?? '');
  return {
    parents: new Map(nodes.map(({ code, parentCode }) => [code, parentCode])),
    children: new Map([...fed].map(([parent, below]) => [parent, below.map(({ code }) => code).toSorted()])),
  };
}

/** Gives the nodes above a node, the nearest first. A circle, while its nodes are told in the wrong order, comes to an end. */
export function above({ parents }: Network, code: string): string[] {
  const found = new Set<string>();
  for (let at = parents.get(code) ?? null; at !== null && at !== code && !found.has(at); at = parents.get(at) ?? null)
    found.add(at);
  return [...found];
}

/** Says whether a node is one of `codes`, or below one of them. */
export function isWithin(network: Network, code: string, codes: ReadonlySet<string>): boolean {
  return codes.has(code) || above(network, code).some((each) => codes.has(each));
}
