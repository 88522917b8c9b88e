import type { Claim } from '../domain/claim.ts';
import { findClaims } from '../store/chunks/find-claims.ts';
import { type Carrier, loadCarriers } from '../store/chunks/load-carriers.ts';
import { takeTimesBack } from '../store/chunks/take-times-back.ts';
import { personalTexts } from '../templates/personal-texts.ts';
import { runTexts } from '../templates/run-texts.ts';
import type { DispatchContext } from './context.ts';
import type { HeldChunk, LockedMessage, Message } from './held-chunk.ts';
import { type Rendered, render } from './render.ts';
import { stateOf } from './states.ts';

/** The texts of a chunk that are not sent yet. */
export type Texts = {
  /** Above the cursor, in order of seq without gaps; null where there is nothing to send. */
  readonly messages: (Message | null)[];
  /** Of what goes again, by seq. */
  readonly again: ReadonlyMap<number, Message | null>;
  readonly locked: LockedMessage[];
  /** Monotonic milliseconds; from then on one of them names a time that is past. */
  readonly holdUntil: number;
};

/** A message that came back, and the send that it was. */
export type CameBack = { readonly seq: number; readonly sendNo: number };

/** Which texts are made; `texts` are their rows, where somebody has just written them. */
type ToMake = {
  readonly above: number;
  readonly carriers: number;
  readonly again: readonly CameBack[];
  readonly texts: readonly Carrier[] | null;
};

/**
 * Makes the texts above a cursor, and of what goes again. No text names a time that is past: a cut is told without one, a new time not at all.
 * What cannot be told ends alone; what is sealed by a key that is not here waits for it.
 */
export async function makeTexts(
  dispatch: DispatchContext,
  { chunk, locked: before }: Pick<HeldChunk, 'chunk' | 'locked'>,
  { above, carriers, again, texts: read }: ToMake,
): Promise<Texts> {
  if (carriers === above && again.length === 0) return NOTHING;
  const claims = chunk.facts === null ? NO_CLAIMS : await findClaims(dispatch.db, chunk.runId);
  const { past, holdUntil } = timesOf(claims);
  const missing = { above, seqs: again.map(({ seq }) => seq) };
  if (past.size > 0) await withoutTimes(dispatch, chunk, { ...missing, claimNos: [...past] });
  const rows = read !== null && past.size === 0 ? read : await loadCarriers(dispatch.db, chunk, missing);
  const text =
    chunk.facts === null
      ? personalTexts(dispatch.catalogue)
      : runTexts(dispatch.catalogue, chunk.facts, claims, dispatch.sharedTexts.of(chunk.runId));
  const rendered = render(rows, dispatch.sealKeys, (carrier) => (isOver(carrier, past) ? null : text(carrier)));
  const sendNos = new Map(again.map(({ seq, sendNo }) => [seq, sendNo]));
  const waiting = rendered.locked.map(({ seq }) => ({ seq, sendNo: sendNos.get(seq) ?? 1 }));
  const known = new Set([...sendNos.keys(), ...before.map(({ seq }) => seq)]);
  tell(dispatch, chunk, rendered);
  await dispatch.outcomes.add([
    ...rendered.over.map((seq) => stateOf(dispatch, chunk, { seq, sendNo: nextSend(sendNos, seq), state: 'stale' })),
    ...rendered.unrenderable.map(({ seq }) =>
      stateOf(dispatch, chunk, { seq, sendNo: nextSend(sendNos, seq), state: 'unrenderable' }),
    ),
    ...waiting
      .filter(({ seq }) => !known.has(seq))
      .map((message) => stateOf(dispatch, chunk, { ...message, state: 'blocked' })),
  ]);
  return {
    messages: rendered.messages.filter((_, n) => (rows[n]?.seq ?? 0) > above),
    again: new Map(
      rows.flatMap(({ seq }, n) => (sendNos.has(seq) ? [[seq, rendered.messages[n] ?? null] as const] : [])),
    ),
    locked: waiting,
    holdUntil,
  };
}

const NOTHING: Texts = { messages: [], again: new Map(), locked: [], holdUntil: Number.POSITIVE_INFINITY };
const NO_CLAIMS: ReadonlyMap<number, Claim> = new Map();

const nextSend = (sendNos: ReadonlyMap<number, number>, seq: number): number => (sendNos.get(seq) ?? 0) + 1;

/** Which claims name a time that is past, and when the next one will. */
function timesOf(claims: ReadonlyMap<number, Claim>): { past: ReadonlySet<number>; holdUntil: number } {
  const [now, wallClock] = [performance.now(), Date.now()];
  const past = new Set<number>();
  let holdUntil = Number.POSITIVE_INFINITY;
  for (const { claimNo, kind, until } of claims.values()) {
    if (kind !== 'off' || until === null) continue;
    const left = until.getTime() - wallClock;
    if (left <= 0) past.add(claimNo);
    else holdUntil = Math.min(holdUntil, now + left);
  }
  return { past, holdUntil };
}

/** A new time that is past by now is no news any more: the one that was told is older still. */
const isOver = ({ templateKey, claimNo }: Carrier, past: ReadonlySet<number>): boolean =>
  claimNo !== null && past.has(claimNo) && templateKey.startsWith('estimate.');

async function withoutTimes(
  { db, counters, log }: DispatchContext,
  chunk: HeldChunk['chunk'],
  which: { above: number; seqs: readonly number[]; claimNos: readonly number[] },
): Promise<void> {
  const untimed = await takeTimesBack(db, chunk, which);
  if (untimed === 0) return;
  counters.untimed += untimed;
  log.error(
    { runId: chunk.runId, chunkNo: chunk.chunkNo, messages: untimed },
    'supply is off for longer than anybody said: people are told without a time',
  );
}

function tell({ log, counters }: DispatchContext, { runId, chunkNo }: HeldChunk['chunk'], rendered: Rendered): void {
  for (const { seq, error } of rendered.unrenderable)
    log.error({ runId, chunkNo, seq, err: error }, 'a text cannot be made');
  for (const [keyId, { length }] of Map.groupBy(rendered.locked, (one) => one.keyId))
    log.error(
      { runId, chunkNo, keyId, messages: length },
      'numbers are sealed by a key that is not among SEAL_KEYS: their texts wait for it',
    );
  counters.unrenderable += rendered.unrenderable.length;
  counters.locked += rendered.locked.length;
  counters.unsent += rendered.over.length;
}
