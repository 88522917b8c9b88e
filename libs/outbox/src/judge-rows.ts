import type { AnyEvent, KeyState, PendingRow } from './inbox-rows.ts';
import type { Death } from './read-event.ts';
import type { Lateness } from './subscription.ts';

/** A row with what it says, or why it says nothing. `hash` is that of its bytes. */
export type ReadRow = { row: PendingRow; hash: Buffer } & ({ event: AnyEvent } | { death: Death });

/** `isUnchanged` where its handler said that there was nothing to do. */
export type ApplyVerdict = { kind: 'apply'; read: ReadRow; event: AnyEvent; isUnchanged?: true };
/** What is to be done with one row; a row without verdict stays pending. */
export type Verdict =
  | ApplyVerdict
  | { kind: 'superseded' | 'repeated'; read: ReadRow; event: AnyEvent }
  | ({ kind: 'dead'; read: ReadRow; event?: AnyEvent } & Death);

/** What is to be written of one key. `tooNew` is the row for which it begins to wait for a missing version. */
export type KeyVerdict = {
  key: string;
  version: number;
  park?: 'gap' | 'dead-letter';
  tooNew?: PendingRow;
  passedGap?: boolean;
};

export type Judgement = { verdicts: Verdict[]; keys: KeyVerdict[] };

export type Circumstances = {
  lateness: Lateness;
  /** Hashes of the bodies of events handled before, by event id. */
  handled: ReadonlyMap<string, Buffer>;
  now: Date;
  gapParkMs: number;
};

const SAME_ID_OTHER_BYTES = 'same-id-other-bytes';

/**
 * Decides what is to be done with the pending rows of one key, given in the order of their offsets: which events are applied, in order of
 * version, which are only recorded, which are dead, and whether the key waits for a missing version or for somebody's decision. Pure.
 */
export function judgeKey(
  state: KeyState,
  rows: readonly ReadRow[],
  circumstances: Circumstances,
): { verdicts: Verdict[]; key: KeyVerdict } {
  const { verdicts, fresh, holding } = judgeAlone(rows, circumstances);
  const byVersion = judgeVersions(state, fresh, circumstances);
  if (holding === undefined || byVersion.key.park !== undefined)
    return { verdicts: [...verdicts, ...byVersion.verdicts], key: byVersion.key };
  return { verdicts: [...verdicts, ...byVersion.verdicts, holding], key: { ...byVersion.key, park: 'dead-letter' } };
}

/**
 * Says of each row what can be said without its neighbours' versions. `fresh` are the events not handled before; `holding` is a dead row
 * after which nothing of its key may be handled.
 */
function judgeAlone(
  rows: readonly ReadRow[],
  { lateness, handled }: Circumstances,
): { verdicts: Verdict[]; fresh: ApplyVerdict[]; holding?: Verdict } {
  const seen = new Map(handled);
  const verdicts: Verdict[] = [];
  const fresh: ApplyVerdict[] = [];
  for (const read of rows) {
    const verdict = judgeRow(read, seen);
    if (verdict.kind === 'apply') {
      seen.set(verdict.event.eventId, read.hash);
      fresh.push(verdict);
    } else if (verdict.kind === 'dead' && holdsKey(verdict, lateness)) return { verdicts, fresh, holding: verdict };
    else verdicts.push(verdict);
  }
  return { verdicts, fresh };
}

function judgeRow(
  read: ReadRow,
  seen: ReadonlyMap<string, Buffer>,
): Exclude<Verdict, { kind: 'superseded' }> | { kind: 'repeated'; read: ReadRow; event: AnyEvent } {
  if ('death' in read) return { kind: 'dead', read, ...read.death };
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
function judgeVersions(
  state: KeyState,
  fresh: readonly ApplyVerdict[],
  { lateness, now, gapParkMs }: Circumstances,
): { verdicts: Verdict[]; key: KeyVerdict } {
  const verdicts: Verdict[] = [];
  const key: KeyVerdict = { key: state.key, version: state.version };
  if (lateness === 'any-order') return { verdicts: [...fresh], key };
  const waitedLong = state.gapSince !== null && now.getTime() - state.gapSince.getTime() >= gapParkMs;
  const inOrder = fresh.toSorted((a, b) => a.event.version - b.event.version);
  for (const verdict of inOrder) {
    const { version } = verdict.event;
    const isGap = version > key.version + 1;
    if (isGap && !waitedLong)
      return {
        verdicts,
        key: { ...key, park: 'gap', ...(state.gapSince === null ? { tooNew: verdict.read.row } : {}) },
      };
    if (isGap) key.passedGap = true;
    // After a gap the newest carries the full state; what lies between cannot be told truthfully any more.
    const isOld = lateness === 'latest-wins' && (version <= key.version || (isGap && verdict !== inOrder.at(-1)));
    verdicts.push(isOld ? { ...verdict, kind: 'superseded' } : verdict);
    if (!isOld) key.version = Math.max(key.version, version);
  }
  return { verdicts, key };
}
