import { isPostgresError, type Transaction, withTransaction } from '@bijli/postgres';
import { isSameIstDay } from '@bijli/units';
import { AMBIGUOUS_WAIT_MS, isSentOnceMore } from '../domain/message-states.ts';
import { type ExpandedContacts, expandBroadcast } from '../store/chunks/expand-broadcast.ts';
import { findClaims } from '../store/chunks/find-claims.ts';
import { lockChunk } from '../store/chunks/hold-chunks.ts';
import { loadCarriers } from '../store/chunks/load-carriers.ts';
import type { ClaimedChunk, PersonalChunk } from '../store/chunks/claimed-chunk.ts';
import { addCounts } from '../store/messages/add-counts.ts';
import { findPending, markAmbiguous, type PendingMessage } from '../store/messages/find-pending.ts';
import { refreshPersonalChunk } from '../store/personal/refresh-personal-chunk.ts';
import { personalTexts } from '../templates/personal-texts.ts';
import { runTexts } from '../templates/run-texts.ts';
import type { DispatchContext } from './context.ts';
import type { Again, HeldChunk, LockedMessage, Message } from './held-chunk.ts';
import { render } from './render.ts';
import { stateOf } from './states.ts';

/**
 * Makes a chunk ready to be sent: expands it at its first hold (a personal one has its rows already: they are brought up to date), finds what
 * an earlier holder left at a later one, and puts a text to each message.
 * @returns false when the chunk was lost meanwhile.
 */
export async function prepareChunk(dispatch: DispatchContext, held: HeldChunk): Promise<boolean> {
  const { chunk } = held;
  const ready = chunk.isExpanded ? await recover(dispatch, chunk) : await expand(dispatch, chunk);
  if (ready === null) return false;
  const again = ready.pending.filter(isWorthAnother(chunk));
  const { messages, bySeq, locked } = await textsOf(dispatch, held, ready.carriers, again);
  held.carriers = ready.carriers;
  // What waited above the cursor goes once more like all that came back.
  for (const { seq } of again) if (seq > chunk.cursor) messages[seq - chunk.cursor - 1] = null;
  held.messages = messages;
  held.locked = locked;
  held.loadedAbove = chunk.cursor;
  held.cursor = chunk.cursor;
  const [now, wallClock] = [performance.now(), Date.now()];
  held.again = again.flatMap((pending): Again[] => {
    const message = bySeq.get(pending.seq);
    if (message === undefined || message === null) return [];
    const waited = wallClock - pending.recordedAt.getTime();
    const wait = pending.state === 'ambiguous' ? Math.max(0, AMBIGUOUS_WAIT_MS - waited) : 0;
    const isAmbiguous = pending.state === 'ambiguous';
    return [{ message, sendNo: pending.sendNo + 1, notBefore: now + wait, begun: null, tries: 0, isAmbiguous }];
  });
  return true;
}

/** What is in doubt goes once more where that is better than silence, and everything that is known not to have gone. */
function isWorthAnother({ kind }: ClaimedChunk): (pending: PendingMessage) => boolean {
  return ({ state, sendNo }) => state !== 'ambiguous' || isSentOnceMore(kind, sendNo);
}

type Ready = { readonly carriers: number; readonly pending: readonly PendingMessage[] };

async function expand(dispatch: DispatchContext, chunk: ClaimedChunk): Promise<Ready | null> {
  try {
    return await expandOnce(dispatch, chunk, chunk.mobiles !== null);
  } catch (error) {
    if (!isPostgresError(error, 'uniqueViolation')) throw error;
    return expandOnce(dispatch, chunk, true);
  }
}

function expandOnce(dispatch: DispatchContext, chunk: ClaimedChunk, isRepeat: boolean): Promise<Ready | null> {
  return withTransaction(dispatch.db, async (tx) => {
    const contacts =
      chunk.facts === null
        ? await expandPersonal(tx, chunk)
        : await expandBroadcast(tx, chunk, plannedFamily(chunk.facts), { isRepeat });
    if (contacts === null) return null;
    const { runDay, runId, chunkNo } = chunk;
    await addCounts(
      tx,
      contacts.map(({ measure, n }) => ({ runDay, runId, chunkNo, measure, n })),
    );
    return { carriers: contacts.find(({ measure }) => measure === 'carrier')?.n ?? 0, pending: [] };
  });
}

async function expandPersonal(tx: Transaction, chunk: PersonalChunk): Promise<ExpandedContacts[] | null> {
  return (await lockChunk(tx, chunk)) ? refreshPersonalChunk(tx, chunk) : null;
}

function plannedFamily({ startsAt, estimatedRestorationAt }: { startsAt: Date; estimatedRestorationAt: Date }) {
  return isSameIstDay(startsAt, estimatedRestorationAt) ? 'planned.same-day' : 'planned.multi-day';
}

async function recover(dispatch: DispatchContext, chunk: ClaimedChunk): Promise<Ready | null> {
  const found = await withTransaction(dispatch.db, async (tx) => {
    if (!(await lockChunk(tx, chunk))) return null;
    const ambiguous = await markAmbiguous(tx, chunk, dispatch.provider);
    return { ambiguous, pending: await findPending(tx, chunk) };
  });
  if (found === null) return null;
  dispatch.counters.ambiguous += found.ambiguous;
  if (found.ambiguous > 0)
    dispatch.log.warn(
      { runId: chunk.runId, chunkNo: chunk.chunkNo, ambiguous: found.ambiguous },
      'messages of an earlier holder may or may not have left',
    );
  return { carriers: chunk.carriers, pending: found.pending };
}

/** The texts above the cursor, and of what goes again. What cannot be told ends alone. */
async function textsOf(
  dispatch: DispatchContext,
  { chunk }: HeldChunk,
  carriers: number,
  again: readonly PendingMessage[],
): Promise<Texts> {
  if (carriers === chunk.cursor && again.length === 0) return { messages: [], bySeq: new Map(), locked: [] };
  const seqs = again.map(({ seq }) => seq);
  const rows = await loadCarriers(dispatch.db, chunk, { above: chunk.cursor, seqs });
  const text =
    chunk.facts === null
      ? personalTexts(dispatch.catalogue)
      : runTexts(dispatch.catalogue, chunk.facts, await findClaims(dispatch.db, chunk.runId));
  const { messages, unrenderable, locked } = render(rows, dispatch.sealKeys, text);
  const bySeq = new Map(rows.map(({ seq }, n) => [seq, messages[n] ?? null]));
  for (const { seq, error } of unrenderable)
    dispatch.log.error({ runId: chunk.runId, chunkNo: chunk.chunkNo, seq, err: error }, 'a text cannot be made');
  for (const [keyId, { length }] of Map.groupBy(locked, (one) => one.keyId))
    dispatch.log.error(
      { runId: chunk.runId, chunkNo: chunk.chunkNo, keyId, messages: length },
      'numbers are sealed by a key that is not among SEAL_KEYS: their texts wait for it',
    );
  dispatch.counters.unrenderable += unrenderable.length;
  dispatch.counters.locked += locked.length;
  const sendNos = new Map(again.map(({ seq, sendNo }) => [seq, sendNo + 1]));
  const waiting = locked.map(({ seq }) => ({ seq, sendNo: (sendNos.get(seq) ?? 2) - 1 }));
  await dispatch.outcomes.add([
    ...unrenderable.map(({ seq }) =>
      stateOf(dispatch, chunk, { seq, sendNo: sendNos.get(seq) ?? 1, state: 'unrenderable' }),
    ),
    ...waiting
      .filter(({ seq }) => !sendNos.has(seq))
      .map((message) => stateOf(dispatch, chunk, { ...message, state: 'blocked' })),
  ]);
  return { messages: messages.slice(rows.findIndex(({ seq }) => seq > chunk.cursor)), bySeq, locked: waiting };
}

type Texts = {
  readonly messages: (Message | null)[];
  readonly bySeq: ReadonlyMap<number, Message | null>;
  readonly locked: LockedMessage[];
};
