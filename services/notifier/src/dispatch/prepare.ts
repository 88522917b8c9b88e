import { isPostgresError, type Transaction, withTransaction } from '@bijli/postgres';
import { isSameIstDay } from '@bijli/units';
import { AMBIGUOUS_WAIT_MS, isSentOnceMore } from '../domain/message-states.ts';
import { type Expanded, expandBroadcast } from '../store/chunks/expand-broadcast.ts';
import type { Carrier } from '../store/chunks/load-carriers.ts';
import { carriersIfExpanded, type ExpandedBefore, lockChunk } from '../store/chunks/hold-chunks.ts';
import type { ClaimedChunk, PersonalChunk } from '../store/chunks/claimed-chunk.ts';
import { addCounts } from '../store/messages/add-counts.ts';
import { findPending, markAmbiguous, type PendingMessage } from '../store/messages/find-pending.ts';
import { refreshPersonalChunk } from '../store/personal/refresh-personal-chunk.ts';
import type { DispatchContext } from './context.ts';
import type { Again, HeldChunk } from './held-chunk.ts';
import { type CameBack, makeTexts, type Texts } from './make-texts.ts';

/**
 * Makes a chunk ready to be sent: expands it at its first hold (a personal one has its rows already: they are brought up to date), finds what
 * an earlier holder left at a later one, and puts a text to each message.
 * @returns whether it is, or the chunk was lost, or its run is over.
 */
export async function prepareChunk(dispatch: DispatchContext, held: HeldChunk): Promise<'ready' | 'lost' | 'over'> {
  const { chunk } = held;
  const ready = chunk.isExpanded ? await recover(dispatch, chunk) : await expand(dispatch, chunk);
  if (ready === null) return 'lost';
  if (ready === 'over') return 'over';
  const again = ready.pending.filter(isWorthAnother(chunk));
  const texts = await makeTexts(dispatch, held, { ...ready, above: chunk.cursor, again });
  held.carriers = ready.carriers;
  held.neverTold = ready.neverTold;
  held.cursor = chunk.cursor;
  take(held, texts, again);
  const [now, wallClock] = [performance.now(), Date.now()];
  held.again = again.flatMap((pending): Again[] => {
    const message = texts.again.get(pending.seq);
    if (message === undefined || message === null) return [];
    const waited = wallClock - pending.recordedAt.getTime();
    const wait = pending.state === 'ambiguous' ? Math.max(0, AMBIGUOUS_WAIT_MS - waited) : 0;
    const isAmbiguous = pending.state === 'ambiguous';
    const { doubts } = pending;
    return [{ message, sendNo: pending.sendNo + 1, notBefore: now + wait, begun: null, tries: 0, isAmbiguous, doubts }];
  });
  return 'ready';
}

/**
 * Makes the texts of a chunk anew, since one of them names a time that is past. Nothing of it may be on its way meanwhile. Of a text of which a
 * part has left, the rest goes as it was.
 */
export async function renewTexts(dispatch: DispatchContext, held: HeldChunk): Promise<void> {
  const whole = held.again.filter(({ begun }) => begun === null);
  const again = whole.map(({ message: { seq }, sendNo }) => ({ seq, sendNo: sendNo - 1 }));
  const texts = await makeTexts(dispatch, held, { above: held.cursor, carriers: held.carriers, again, texts: null });
  held.again = held.again.flatMap((one): Again[] => {
    if (one.begun !== null) return [one];
    const message = texts.again.get(one.message.seq) ?? null;
    return message === null ? [] : [{ ...one, message }];
  });
  take(held, texts, again);
}

/** What waited above the cursor goes once more like all that came back. */
function take(held: HeldChunk, { messages, locked, holdUntil }: Texts, again: readonly CameBack[]): void {
  for (const { seq } of again) if (seq > held.cursor) messages[seq - held.cursor - 1] = null;
  held.messages = messages;
  held.locked = locked;
  held.loadedAbove = held.cursor;
  held.textsHoldUntil = holdUntil;
}

/** What is in doubt goes once more where that is better than silence, and everything that is known not to have gone. */
function isWorthAnother({ kind }: ClaimedChunk): (pending: PendingMessage) => boolean {
  return ({ state, doubts }) => state !== 'ambiguous' || isSentOnceMore(kind, doubts);
}

type Ready = ExpandedBefore & {
  readonly pending: readonly PendingMessage[];
  readonly texts: readonly Carrier[] | null;
};

async function expand(dispatch: DispatchContext, chunk: ClaimedChunk): Promise<Ready | null | 'over'> {
  try {
    return await expandOnce(dispatch, chunk, chunk.mobiles !== null);
  } catch (error) {
    if (!isPostgresError(error, 'uniqueViolation')) throw error;
    return expandOnce(dispatch, chunk, true);
  }
}

function expandOnce(dispatch: DispatchContext, chunk: ClaimedChunk, isRepeat: boolean): Promise<Ready | null | 'over'> {
  return withTransaction(dispatch.db, async (tx) => {
    const expanded =
      chunk.facts === null
        ? await expandPersonal(tx, chunk)
        : await expandBroadcast(tx, chunk, plannedFamily(chunk.facts), {
            isRepeat,
            newTimePauseSeconds: dispatch.newTimePauseSeconds,
          });
    if (expanded === null || expanded === 'over') return expanded;
    if (!('contacts' in expanded)) return { ...expanded, pending: [], texts: null };
    const { contacts, neverTold, texts } = expanded;
    const { runDay, runId, chunkNo } = chunk;
    await addCounts(
      tx,
      contacts.map(({ measure, n }) => ({ runDay, runId, chunkNo, measure, n })),
    );
    return { carriers: contacts.find(({ measure }) => measure === 'carrier')?.n ?? 0, neverTold, pending: [], texts };
  });
}

async function expandPersonal(tx: Transaction, chunk: PersonalChunk): Promise<Expanded | ExpandedBefore | null> {
  if (!(await lockChunk(tx, chunk))) return null;
  const known = await carriersIfExpanded(tx, chunk);
  if (known !== null) return known;
  const contacts = await refreshPersonalChunk(tx, chunk);
  return { contacts, neverTold: contacts.find(({ measure }) => measure === 'carrier')?.n ?? 0, texts: null };
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
  return { carriers: chunk.carriers, neverTold: chunk.neverTold, pending: found.pending, texts: null };
}
