import { failpoint } from '@bijli/service';
import type { OutgoingMessage, SubmitOutcome } from '../smpp/index.ts';
import type { Attempt } from '../store/record-attempts.ts';
import type { Standing } from '../store/renew-lease.ts';
import type { ChunkReference, TextProgress } from './chunk-progress.ts';
import type { DispatchContext } from './context.ts';
import type { Hold } from './hold.ts';
import type { Message } from './messages.ts';

/** A message under way: the parts that have no outcome yet, and the worst outcome so far. */
type Underway = {
  readonly message: Message;
  readonly partsLeft: Set<number>;
  worst: 'accepted' | 'rejected' | 'in-doubt';
  readonly progress: TextProgress;
};

/** Parts that come back are sent again: a throttled one was no attempt, an unwritten one never left. */
type Terminal = Exclude<SubmitOutcome['kind'], 'throttled' | 'not-written'>;

const SEVERITY: Readonly<Record<Terminal, number>> = { accepted: 0, rejected: 1, 'in-doubt': 2 };

/** Messages that were written ahead together. */
export type Slice = {
  readonly chunk: ChunkReference;
  readonly messages: readonly Message[];
  /** Answers the seqs of those that were withdrawn by now. */
  readonly withdrawn: () => Promise<ReadonlySet<number>>;
};

/**
 * Sends one slice that was written ahead, and resolves when every message has a committed outcome.
 * What the link gives back is sent again for as long as the run is live; then it ends unsent, which is not "told".
 * @returns false when messages are left without an outcome: the process stops, and the next holder calls them in doubt.
 */
export async function sendSlice(
  dispatch: DispatchContext,
  hold: Hold,
  { chunk, messages, withdrawn }: Slice,
): Promise<boolean> {
  const underway = new Map(messages.map((message) => [message.seq, startOf(message)]));
  const committed: Promise<void>[] = [];
  const record = (outcome: SubmitOutcome, state: Underway) =>
    committed.push(recordPart(dispatch, hold, chunk, outcome, state, underway));

  try {
    await failpoint('dispatch.after-write-ahead');
    for (let standing: Standing = 'live'; underway.size > 0; standing = await hold.renew()) {
      if (standing === 'live') {
        const gone = untouched(underway, await withdrawn());
        if (gone.length > 0) committed.push(recordUnsent(dispatch, hold, chunk, takeOut(underway, gone), 'superseded'));
        if (underway.size === 0) break;
        await dispatch.link.submitSlice(
          [...underway.values()].map((state) => outgoing(state, hold.chunk.notAfter)),
          {
            mayWrite: () => mayWrite(dispatch, hold),
            onOutcomes: (outcomes) => {
              for (const outcome of outcomes) {
                const state = underway.get(outcome.ref);
                if (state !== undefined && outcome.kind !== 'throttled' && outcome.kind !== 'not-written')
                  record(outcome, state);
              }
            },
          },
        );
      } else if (standing !== 'stopped') {
        const rest = takeOut(underway, [...underway.keys()]);
        committed.push(recordUnsent(dispatch, hold, chunk, rest, standing === 'stale' ? 'stale' : 'superseded'));
      }
      if (underway.size === 0 || dispatch.isStopping()) break;
      await dispatch.pause();
    }
    await Promise.all(committed);
    return underway.size === 0;
  } finally {
    // Whoever sends them now, they take no room in this process any more.
    dispatch.window.give(underway.size);
  }
}

/** Those of which no part has left yet: half a text is finished. */
function untouched(underway: ReadonlyMap<number, Underway>, seqs: ReadonlySet<number>): number[] {
  return [...seqs].filter((seq) => {
    const state = underway.get(seq);
    return state !== undefined && state.partsLeft.size === state.message.text.parts.length;
  });
}

function takeOut(underway: Map<number, Underway>, seqs: readonly number[]): Underway[] {
  const states = seqs.flatMap((seq) => underway.get(seq) ?? []);
  for (const seq of seqs) underway.delete(seq);
  for (const state of states) state.progress.isSettled = true;
  return states;
}

function mayWrite(dispatch: DispatchContext, hold: Hold): boolean {
  if (hold.mayWrite()) return dispatch.hasTime();
  // What the socket still keeps must not leave after the lease either. Not now: the link asks in the middle of a write.
  queueMicrotask(() => dispatch.link.destroy('a lease ran out'));
  return false;
}

function startOf(message: Message): Underway {
  return {
    message,
    partsLeft: new Set(message.text.parts.map((_, n) => n + 1)),
    worst: 'accepted',
    progress: { acceptedParts: 0, isSettled: false },
  };
}

function outgoing({ message, partsLeft }: Underway, validUntil: Date): OutgoingMessage {
  const { destination, text, seq } = message;
  return {
    ref: seq,
    destination,
    coding: text.coding,
    parts: text.parts,
    partsToSend: [...partsLeft],
    templateId: text.dltTemplateId,
    validUntil,
  };
}

async function recordPart(
  dispatch: DispatchContext,
  hold: Hold,
  chunk: ChunkReference,
  outcome: SubmitOutcome,
  state: Underway,
  underway: Map<number, Underway>,
): Promise<void> {
  const kind = outcome.kind as Terminal;
  const { message } = state;
  state.partsLeft.delete(outcome.partNo);
  if (SEVERITY[kind] > SEVERITY[state.worst]) state.worst = kind;
  const isLast = state.partsLeft.size === 0;
  state.progress.isSettled = isLast;
  if (kind === 'accepted') state.progress.acceptedParts += 1;
  const providerMessageId = outcome.kind === 'accepted' ? outcome.providerMessageId : null;
  if (providerMessageId !== null)
    dispatch.onAccepted({
      providerMessageId,
      destination: message.destination,
      chunk,
      seq: message.seq,
      partNo: outcome.partNo,
      parts: message.text.parts.length,
      text: state.progress,
    });

  if (isLast) underway.delete(message.seq);
  await dispatch.outcomes.add([
    {
      ...attemptOf(dispatch, hold, chunk, message.seq, outcome.partNo),
      outcome: kind,
      settles: isLast ? state.worst : null,
      smppStatus: outcome.kind === 'rejected' ? outcome.status : null,
      providerMessageId,
    },
  ]);
  if (!isLast) return;
  count(dispatch, state.worst);
  dispatch.window.give(1);
}

async function recordUnsent(
  dispatch: DispatchContext,
  hold: Hold,
  chunk: ChunkReference,
  states: readonly Underway[],
  settles: 'superseded' | 'stale',
): Promise<void> {
  await dispatch.outcomes.add(
    states.map((state) => ({
      ...attemptOf(dispatch, hold, chunk, state.message.seq, Math.min(...state.partsLeft)),
      outcome: 'unsent',
      settles,
      smppStatus: null,
      providerMessageId: null,
    })),
  );
  dispatch.counters.unsent += states.length;
  dispatch.window.give(states.length);
}

function attemptOf(
  dispatch: DispatchContext,
  hold: Hold,
  chunk: ChunkReference,
  seq: number,
  partNo: number,
): Omit<Attempt, 'outcome' | 'settles' | 'smppStatus' | 'providerMessageId'> {
  return {
    runDay: chunk.runDay,
    runId: chunk.runId,
    chunkNo: chunk.chunkNo,
    seq,
    partNo,
    epoch: hold.chunk.epoch,
    provider: dispatch.provider,
    recordedAt: new Date(),
  };
}

function count(dispatch: DispatchContext, outcome: Underway['worst']): void {
  if (outcome === 'accepted') dispatch.counters.accepted += 1;
  else if (outcome === 'rejected') dispatch.counters.rejected += 1;
  else dispatch.counters.inDoubt += 1;
}
