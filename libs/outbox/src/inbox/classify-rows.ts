import type { AnyEvent, KeyState, PendingRow } from '../records/inbox-rows.ts';
import type { DeadReason } from '../records/read-event.ts';
import type { Lateness } from '../subscriptions/subscription.ts';

/** A row with what it says, or why it says nothing. `hash` is that of its bytes. */
export type ReadRow = { readonly row: PendingRow; readonly hash: Buffer } & (
  | { readonly event: AnyEvent }
  | { readonly deadReason: DeadReason }
);

/** `isUnchanged` where its handler said that there was nothing to do. */
export type ApplyClassification = {
  readonly kind: 'apply';
  readonly read: ReadRow;
  readonly event: AnyEvent;
  readonly isUnchanged?: true;
};
/** What is to be done with one row; a row that is not classified stays pending. */
export type Classification =
  | ApplyClassification
  | { readonly kind: 'superseded' | 'repeated'; readonly read: ReadRow; readonly event: AnyEvent }
  | ({ readonly kind: 'dead'; readonly read: ReadRow; readonly event?: AnyEvent } & DeadReason);

/** What is to be written of one key. `tooNew` is the row for which it begins to wait for a missing version. */
export type KeyClassification = {
  readonly key: string;
  version: number;
  readonly park?: 'gap' | 'dead-letter';
  readonly tooNew?: PendingRow;
  passedGap?: boolean;
};

export type ClassifiedBatch = { readonly classifications: Classification[]; readonly keys: KeyClassification[] };

export type Circumstances = {
  readonly lateness: Lateness;
  /** Hashes of the bodies of events handled before, by event id. */
  readonly handled: ReadonlyMap<string, Buffer>;
  readonly now: Date;
  readonly gapParkMs: number;
};

const SAME_ID_OTHER_BYTES = 'same-id-other-bytes';

/**
 * Decides what is to be done with the pending rows of one key, given in the order of their offsets: which events are applied, in order of
 * version, which are only recorded, which are dead, and whether the key waits for a missing version or for somebody's decision. Pure.
 */
export function classifyKey(
  state: KeyState,
  rows: readonly ReadRow[],
  circumstances: Circumstances,
): { classifications: Classification[]; key: KeyClassification } {
  const { classifications, fresh, holding } = classifyAlone(rows, circumstances);
  const byVersion = classifyVersions(state, fresh, circumstances);
  if (holding === undefined || byVersion.key.park !== undefined)
    return { classifications: [...classifications, ...byVersion.classifications], key: byVersion.key };
  return {
    classifications: [...classifications, ...byVersion.classifications, holding],
    key: { ...byVersion.key, park: 'dead-letter' },
  };
}

/**
 * Says of each row what can be said without its neighbours' versions. `fresh` are the events not handled before; `holding` is a dead row
 * after which nothing of its key may be handled.
 */
function classifyAlone(
  rows: readonly ReadRow[],
  { lateness, handled }: Circumstances,
): { classifications: Classification[]; fresh: ApplyClassification[]; holding?: Classification } {
  const seen = new Map(handled);
  const classifications: Classification[] = [];
  const fresh: ApplyClassification[] = [];
  for (const read of rows) {
    const classification = classifyRow(read, seen);
    if (classification.kind === 'apply') {
      seen.set(classification.event.eventId, read.hash);
      fresh.push(classification);
    } else if (classification.kind === 'dead' && holdsKey(classification, lateness))
      return { classifications, fresh, holding: classification };
    else classifications.push(classification);
  }
  return { classifications, fresh };
}

function classifyRow(
  read: ReadRow,
  seen: ReadonlyMap<string, Buffer>,
): Exclude<Classification, { kind: 'superseded' }> | { kind: 'repeated'; read: ReadRow; event: AnyEvent } {
  if ('deadReason' in read) return { kind: 'dead', read, ...read.deadReason };
  const { event } = read;
  const before = seen.get(event.eventId);
  if (before === undefined) return { kind: 'apply', read, event };
  if (before.equals(read.hash)) return { kind: 'repeated', read, event };
  return {
    kind: 'dead',
    read,
    event,
    reason: SAME_ID_OTHER_BYTES,
    detail: 'an event with this id and other bytes was handled before',
  };
}

/**
 * A dead letter holds a latest-wins key, because later events would be applied as if it had been. Not so a forged copy: the event of that
 * id was applied. Nor a record without key: it belongs to no aggregate.
 */
const holdsKey = ({ read, reason }: { read: ReadRow; reason: string }, lateness: Lateness): boolean =>
  lateness === 'latest-wins' && reason !== SAME_ID_OTHER_BYTES && read.row.key !== '';

/** Applies the rule of versions: without gaps, each once, the older ones as `lateness` says. */
function classifyVersions(
  state: KeyState,
  fresh: readonly ApplyClassification[],
  { lateness, now, gapParkMs }: Circumstances,
): { classifications: Classification[]; key: KeyClassification } {
  const classifications: Classification[] = [];
  const key: KeyClassification = { key: state.key, version: state.version };
  if (lateness === 'any-order') return { classifications: [...fresh], key };
  const waitedLong = state.gapSince !== null && now.getTime() - state.gapSince.getTime() >= gapParkMs;
  const inOrder = fresh.toSorted((a, b) => a.event.version - b.event.version);
  for (const classification of inOrder) {
    const { version } = classification.event;
    const isGap = version > key.version + 1;
    if (isGap && !waitedLong)
      return {
        classifications,
        key: { ...key, park: 'gap', ...(state.gapSince === null ? { tooNew: classification.read.row } : {}) },
      };
    if (isGap) key.passedGap = true;
    // After a gap the newest carries the full state; what lies between cannot be told truthfully any more.
    const isOld =
      lateness === 'latest-wins' && (version <= key.version || (isGap && classification !== inOrder.at(-1)));
    classifications.push(isOld ? { ...classification, kind: 'superseded' } : classification);
    if (!isOld) key.version = Math.max(key.version, version);
  }
  return { classifications, key };
}
