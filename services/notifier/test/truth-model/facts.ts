import type { OutageEvent } from '@bijli/events';

/** How a connection's contact may be told. */
export type Contact = {
  readonly mobile: string | null;
  readonly language: 'hi' | 'en';
  readonly wants: boolean;
  readonly numberState: 'collected' | 'quarantined';
};
export type Home = {
  readonly account: string;
  readonly node: string;
  readonly state: 'active' | 'disconnected' | 'gone';
  readonly contacts: readonly Contact[];
};
export type Outage = {
  readonly id: string;
  readonly version: number;
  readonly status: OutageEvent['status'];
  readonly nodeIds: readonly string[];
  readonly ownNodeIds: readonly string[];
  readonly startsAt: number;
  readonly until: number;
};
/** Everything that is true at an instant, as it was heard. */
export type Facts = {
  readonly parents: ReadonlyMap<string, string | null>;
  readonly homes: readonly Home[];
  readonly outages: ReadonlyMap<string, Outage>;
};
/** Facts, and when they may have been what is true, monotonic milliseconds. */
export type Moment = { readonly from: number; to: number; readonly facts: Facts };

export const SUBSTATION = 'SS-1';
export const FEEDERS = ['F-1', 'F-2'] as const;
export const TRANSFORMERS = ['DT-1', 'DT-2', 'DT-3', 'DT-4'] as const;
export const NODES = [SUBSTATION, ...FEEDERS, ...TRANSFORMERS] as const;

/** The network as it is at first: two transformers below each feeder. */
export const FIRST_PARENTS: ReadonlyMap<string, string | null> = new Map([
  [SUBSTATION, null],
  ['F-1', SUBSTATION],
  ['F-2', SUBSTATION],
  ['DT-1', 'F-1'],
  ['DT-2', 'F-1'],
  ['DT-3', 'F-2'],
  ['DT-4', 'F-2'],
]);

/** Whether nodes feed what hangs on a node: named with all below, or named alone. */
export function feeds(
  { nodeIds, ownNodeIds }: Pick<Outage, 'nodeIds' | 'ownNodeIds'>,
  node: string,
  { parents }: Pick<Facts, 'parents'>,
): boolean {
  if (ownNodeIds.includes(node)) return true;
  for (let at: string | null = node; at !== null; at = parents.get(at) ?? null) if (nodeIds.includes(at)) return true;
  return false;
}

/** When a connection is expected back: the latest of the open outages that feed it; null while it is on. */
export function offUntil(account: string, facts: Facts): number | null {
  const untils = offUntils(account, facts);
  return untils.length === 0 ? null : Math.max(...untils);
}

/** What the open outages that feed a connection say, each for itself. */
export function offUntils(account: string, facts: Facts): number[] {
  const home = homeOf(account, facts);
  if (home === null) return [];
  return [...facts.outages.values()]
    .filter((outage) => outage.status === 'open' && feeds(outage, home.node, facts))
    .map(({ until }) => until);
}

export function homeOf(account: string, { homes }: Pick<Facts, 'homes'>): Home | null {
  return homes.find((home) => home.account === account) ?? null;
}

/** Whether a mobile may be told of a connection. */
export function mayTell(mobile: string, account: string, facts: Facts): boolean {
  const home = homeOf(account, facts);
  return (
    home?.state === 'active' &&
    home.contacts.some((one) => one.mobile === mobile && one.wants && one.numberState === 'collected')
  );
}

/** Connections of which a mobile may be told. */
export function accountsOf(mobile: string, facts: Facts): string[] {
  return facts.homes.map(({ account }) => account).filter((account) => mayTell(mobile, account, facts));
}
