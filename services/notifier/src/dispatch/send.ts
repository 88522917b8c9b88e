import { failpoint } from '@bijli/service';
import { AMBIGUOUS_WAIT_MS, isSentOnceMore } from '../domain/message-states.ts';
import { MOST_TRIES, statusClass } from '../domain/status-classes.ts';
import type { OutgoingMessage, SubmitOutcome } from '../smpp/index.ts';
import type { StatedMessage } from '../store/messages/record-states.ts';
import type { DispatchContext } from './context.ts';
import type { Slice } from './cut.ts';
import type { Again, HeldChunk, Message, TextProgress } from './held-chunk.ts';
import { stateOf } from './states.ts';

/** A message under way: what became of its parts so far. */
type Underway = {
  readonly message: Message;
  readonly sendNo: number;
  readonly tries: number;
  /** Sends before this one that nobody answered. */
  readonly doubts: number;
  /** Parts that have no outcome yet. */
  left: number;
  readonly ids: (string | null)[];
  readonly progress: TextProgress;
  worst: Exclude<SubmitOutcome['kind'], 'accepted'> | null;
  status: number | null;
};

/** Of the outcomes of its parts a text has the worst: what may have left is worse than what did not. */
const SEVERITY: Readonly<Record<SubmitOutcome['kind'], number>> = {
  accepted: 0,
  'not-written': 1,
  throttled: 2,
  rejected: 3,
  'in-doubt': 4,
};

/** An answer counts for so long from when it was asked: what has not entered the socket by then asks again. */
const PERMITTED_FOR_MS = 1_000;
/** A text that the provider does not want now is tried again after this long at first; the bucket of the account slows all. */
const DEFERRED_MS = 200;
/** A text that a breaker keeps waits for it; it is looked at again so often. */
const BLOCKED_MS = 1_000;

/**
 * Hands a slice that was written ahead to the link. `permittedAt` is when its write-ahead was asked, monotonic milliseconds: before each
 * write to the socket the link asks whether the slice is still true. What comes back goes first in its chunk; resolves when every message of
 * the slice has a committed outcome.
 */
export async function sendSlice(dispatch: DispatchContext, slice: Slice, permittedAt: number): Promise<void> {
  const { held } = slice;
  const underway = new Map<number, Underway>();
  for (const message of slice.fresh)
    underway.set(message.seq, startOf({ message, sendNo: 1, tries: 0, doubts: 0, begun: null }));
  for (const again of slice.again) underway.set(again.message.seq, startOf(again));
  const sendNos = new Map(slice.again.map(({ message: { seq }, sendNo }) => [seq, sendNo]));
  const outgoing = [...underway.values()].map((one) => outgoingOf(one, held.chunk.notAfter));
  const committed: Promise<void>[] = [];
  await failpoint('dispatch.after-write-ahead');
  await dispatch.link.submitSlice(outgoing, {
    mayWrite: () => mayWrite(dispatch, held, permittedAt),
    onOutcomes: (outcomes) => {
      const settled: StatedMessage[] = [];
      const recordedAt = new Date();
      for (const outcome of outcomes) {
        const one = underway.get(outcome.ref);
        if (one === undefined) continue;
        takeOutcome(dispatch, held, one, outcome);
        if (one.left > 0) continue;
        underway.delete(outcome.ref);
        settled.push(settle(dispatch, held, one, recordedAt));
      }
      noteAnswers(dispatch, outcomes, outgoing);
      if (settled.length > 0) committed.push(commit(dispatch, held, settled));
    },
    onLate: (outcome, message) => {
      const late = lateState(dispatch, held, outcome, message, sendNos.get(message.ref) ?? 1);
      if (late !== null) void dispatch.outcomes.add([late]);
    },
  });
  await Promise.all(committed);
}

async function commit(dispatch: DispatchContext, held: HeldChunk, settled: readonly StatedMessage[]): Promise<void> {
  await dispatch.outcomes.add(settled);
  held.inFlight -= settled.length;
  dispatch.wake();
}

/** Whether anything of the slice may enter the socket now: our lease, the truth, and the age of the permission. */
function mayWrite(dispatch: DispatchContext, held: HeldChunk, permittedAt: number): boolean {
  if (!dispatch.lease.mayWrite() || !dispatch.hasTime()) return false;
  if (performance.now() - permittedAt >= PERMITTED_FOR_MS) return false;
  return dispatch.truth.standing(held.chunk.runId) === 'live';
}

type Start = Pick<Again, 'message' | 'sendNo' | 'tries' | 'doubts' | 'begun'>;

function startOf({ message, sendNo, tries, doubts, begun }: Start): Underway {
  const parts = message.text.parts.length;
  const ids = begun === null ? new Array<string | null>(parts).fill(null) : [...begun.ids];
  const left = begun === null ? parts : ids.filter((id) => id === null).length;
  const progress = begun?.progress ?? { acceptedParts: 0, isSettled: false };
  return { message, sendNo, tries, doubts, left, ids, progress, worst: null, status: null };
}

/** A provider that gets it late drops it rather than deliver what is not true any more. */
function outgoingOf({ message, ids, left }: Underway, notAfter: Date): OutgoingMessage {
  const { destination, text, seq } = message;
  const validUntil = text.until !== null && text.until < notAfter ? text.until : notAfter;
  const all = {
    ref: seq,
    destination,
    coding: text.coding,
    parts: text.parts,
    templateId: text.dltTemplateId,
    validUntil,
  };
  if (left === ids.length) return all;
  return { ...all, partsToSend: ids.flatMap((id, n) => (id === null ? [n + 1] : [])) };
}

function takeOutcome(dispatch: DispatchContext, held: HeldChunk, one: Underway, outcome: SubmitOutcome): void {
  one.left -= 1;
  if (outcome.kind !== 'accepted') {
    if (one.worst === null || SEVERITY[outcome.kind] > SEVERITY[one.worst]) {
      one.worst = outcome.kind;
      one.status = 'status' in outcome ? outcome.status : null;
    }
  } else {
    one.ids[outcome.partNo - 1] = outcome.providerMessageId;
    one.progress.acceptedParts += 1;
    enter(dispatch, held, one.message, outcome, one.progress);
  }
}

function enter(
  dispatch: DispatchContext,
  { reference }: HeldChunk,
  { destination, seq, text }: Message,
  { partNo, providerMessageId }: Extract<SubmitOutcome, { kind: 'accepted' }>,
  progress: TextProgress,
): void {
  const parts = text.parts.length;
  dispatch.onAccepted({ providerMessageId, destination, chunk: reference, seq, partNo, parts, text: progress });
}

/** Turns what became of the parts into the state of the message, and puts back what goes again. */
function settle(dispatch: DispatchContext, held: HeldChunk, one: Underway, recordedAt: Date): StatedMessage {
  const { counters } = dispatch;
  const { chunk } = held;
  const { seq } = one.message;
  const accepted = one.ids.some((id) => id !== null);
  const stated = (state: StatedMessage['state']): StatedMessage =>
    stateOf(dispatch, chunk, {
      seq,
      sendNo: one.sendNo,
      state,
      commandStatus: one.status,
      messageIds: accepted ? one.ids : null,
      recordedAt,
    });
  const again = (waitMs: number, tries: number) => {
    const isAmbiguous = one.worst === 'in-doubt';
    // In doubt it goes whole, with a new reference: nobody knows which of its parts arrived.
    const begun = accepted && !isAmbiguous ? { ids: one.ids, progress: one.progress } : null;
    one.progress.isSettled = begun === null;
    held.again.push({
      message: one.message,
      sendNo: one.sendNo + 1,
      notBefore: performance.now() + waitMs,
      begun,
      tries,
      isAmbiguous,
      doubts: one.doubts + Number(isAmbiguous),
    });
  };
  one.progress.isSettled = true;
  switch (one.worst) {
    case null:
      counters.accepted += 1;
      return stated('accepted');
    case 'not-written':
      counters.returned += 1;
      again(0, one.tries);
      return stated('returned');
    case 'throttled':
      counters.deferred += 1;
      dispatch.account.throttled();
      again(DEFERRED_MS, one.tries);
      return stated('deferred');
    case 'in-doubt':
      counters.ambiguous += 1;
      if (isSentOnceMore(chunk.kind, one.doubts + 1)) again(AMBIGUOUS_WAIT_MS, one.tries);
      return stated('ambiguous');
    case 'rejected':
      return refused(dispatch, one, { stated, again });
  }
}

/** What a refusal means is a table of the provider: of the header or the template it touches no number. */
function refused(
  { counters, statuses }: DispatchContext,
  { status, tries }: Underway,
  {
    stated,
    again,
  }: { stated(state: StatedMessage['state']): StatedMessage; again(waitMs: number, tries: number): void },
): StatedMessage {
  const meaning = statusClass(statuses, status ?? 0);
  if (meaning === 'header' || meaning === 'template') {
    counters.blocked += 1;
    again(BLOCKED_MS, tries);
    return stated('blocked');
  }
  if (meaning === 'other' && tries + 1 < MOST_TRIES) {
    counters.deferred += 1;
    again(DEFERRED_MS, tries + 1);
    return stated('deferred');
  }
  counters.rejected += 1;
  return stated('rejected');
}

/** An answer that came after its time still settles its message, if it says how it went. */
function lateState(
  dispatch: DispatchContext,
  held: HeldChunk,
  outcome: SubmitOutcome,
  { ref, parts }: OutgoingMessage,
  sendNo: number,
): StatedMessage | null {
  const message = held.messages[ref - held.loadedAbove - 1];
  held.again = held.again.filter(({ message: { seq } }) => seq !== ref || outcome.kind !== 'accepted');
  if (outcome.kind !== 'accepted') return null;
  const ids = parts.map((_, n) => (n + 1 === outcome.partNo ? outcome.providerMessageId : null));
  const progress = { acceptedParts: 1, isSettled: true };
  if (message !== null && message !== undefined) enter(dispatch, held, message, outcome, progress);
  return {
    ...stateOf(dispatch, held.chunk, { seq: ref, sendNo, state: 'accepted', messageIds: ids }),
    isLate: true,
  };
}

function noteAnswers(
  dispatch: DispatchContext,
  outcomes: readonly SubmitOutcome[],
  sent: readonly OutgoingMessage[],
): void {
  const template = sent[0]?.templateId;
  if (template === undefined) return;
  const answers = { good: 0, header: 0, template: 0, numbers: 0 };
  for (const outcome of outcomes) {
    if (outcome.kind === 'accepted') answers.good += 1;
    if (outcome.kind !== 'rejected') continue;
    const meaning = statusClass(dispatch.statuses, outcome.status);
    if (meaning === 'header') answers.header += 1;
    else if (meaning === 'template') answers.template += 1;
    else answers.numbers += 1;
  }
  if (answers.good + answers.header + answers.template + answers.numbers > 0)
    dispatch.breakers.answered(template, answers);
}
