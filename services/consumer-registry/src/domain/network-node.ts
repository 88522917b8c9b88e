import type { NetworkNodeEvent } from '@bijli/events';

/** Kinds of nodes, from the largest to the smallest; a node hangs on one of a larger kind. */
export const networkKinds = [
  'zone',
  'circle',
  'division',
  'sub-division',
  'substation',
  'feeder',
  'distribution-transformer',
] as const satisfies readonly NetworkNodeEvent['kind'][];

export type NetworkKind = (typeof networkKinds)[number];

/** A node with where it hangs. `parentCode` is null for a zone; `validFrom` is since when it hangs there. */
export type NetworkNode = {
  readonly code: string;
  readonly kind: NetworkKind;
  readonly parentCode: string | null;
  readonly nameEn: string;
  readonly nameHi: string;
  readonly version: number;
  readonly validFrom: Date;
};

/** Tells what happened to a node with its full state after it. */
export function networkEvent(
  happening: Pick<NetworkNodeEvent, 'eventId' | 'type' | 'occurredAt'>,
  node: NetworkNode,
): NetworkNodeEvent {
  return {
    ...happening,
    aggregateId: node.code,
    version: node.version,
    kind: node.kind,
    parentId: node.parentCode,
    nameEn: node.nameEn,
    nameHi: node.nameHi,
    validFrom: node.validFrom,
  };
}
