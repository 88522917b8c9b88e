import { type Context, propagation, ROOT_CONTEXT, type Span, trace } from '@opentelemetry/api';
import type { ClaimedChunk } from '../store/chunks/claimed-chunk.ts';
import type { RenderedText } from '../templates/run-texts.ts';

/** A text with its addressee, as the link takes it. */
export type Message = {
  readonly seq: number;
  /** E.164 without the plus sign. */
  readonly destination: string;
  readonly text: RenderedText;
};

/** What later facts about a chunk's messages refer back to. */
export type ChunkReference = {
  readonly runId: string;
  readonly runDay: string;
  readonly chunkNo: number;
  readonly partStride: number;
  /** Context of the chunk's span: receipts continue its trace. */
  readonly context: Context;
};

/** What became of a text so far. */
export type TextProgress = {
  acceptedParts: number;
  /** Whether each of its parts has an outcome. */
  isSettled: boolean;
};

/** One accepted message part, as its receipt will look for it. */
export type AcceptedPart = {
  readonly providerMessageId: string;
  readonly destination: string;
  readonly chunk: ChunkReference;
  readonly seq: number;
  readonly partNo: number;
  /** Parts of the whole text. */
  readonly parts: number;
  /** Goes on with the text: looked at when a receipt comes. */
  readonly text: Readonly<TextProgress>;
};

/** A message that came back, or never got an answer, and may go once more. */
export type Again = {
  readonly message: Message;
  /** Number of the send that it would be. */
  readonly sendNo: number;
  /** Monotonic milliseconds; not before. */
  readonly notBefore: number;
  /** What of it was accepted already, its ids by part; null where it goes as a whole. */
  readonly begun: { readonly ids: readonly (string | null)[]; readonly progress: TextProgress } | null;
  /** How often a status came that nobody explains. */
  readonly tries: number;
  /** Whether the send before may have arrived. */
  readonly isAmbiguous: boolean;
  /** How many sends before may have arrived. */
  readonly doubts: number;
};

/** A message whose number is sealed by a key that this process does not have; `sendNo` is the send that came to nothing. */
export type LockedMessage = { readonly seq: number; readonly sendNo: number };

/** A chunk in the hand of this process: a cursor over its messages, and what came back. */
export type HeldChunk = {
  readonly chunk: ClaimedChunk;
  readonly reference: ChunkReference;
  /** `new` until it is expanded, or what an earlier holder left is known. */
  state: 'new' | 'preparing' | 'ready' | 'closing' | 'gone';
  carriers: number;
  /** So many messages, the first, go to people who were told nothing yet. */
  neverTold: number;
  /** Whether the others may go, too: nobody of the run is left who was told nothing. */
  isToldsTurn: boolean;
  /** Messages above `loadedAbove`, in order of seq without gaps; those that cannot be told are null. */
  messages: readonly (Message | null)[];
  loadedAbove: number;
  /** Everything up to here was written ahead. */
  cursor: number;
  /** Messages that are written ahead and have no committed outcome. */
  inFlight: number;
  /** What goes before the rest, oldest first. */
  again: Again[];
  /** What waits for a process that has the key of its number. */
  locked: LockedMessage[];
  /** From then on one of the messages names a time that is past, monotonic milliseconds. */
  textsHoldUntil: number;
  /** When a preparation that failed is tried again, monotonic milliseconds. */
  prepareAt: number;
  failures: number;
  /** It could not be written ahead, and waits until then, monotonic milliseconds. */
  resumesAt: number;
  /** How often in turn something newer was to be judged first. */
  waits: number;
  /** Begins the span of its sending, with the first text. */
  readonly beginSubmit: () => void;
  readonly endSpans: () => void;
};

/** Whether messages of a chunk above its cursor, or below it, wait to be sent. */
export function hasMore(held: HeldChunk): boolean {
  return held.cursor < held.carriers || held.again.length > 0 || held.locked.length > 0;
}

/** Tells how far a chunk may be sent now. */
export function endOfTurn({ isToldsTurn, neverTold, carriers }: HeldChunk): number {
  return isToldsTurn ? carriers : neverTold;
}

/** Takes a chunk in hand. Its spans, of the chunk and of its sending, are children of the run's; `throttled` counts parts of the link. */
export function heldChunk(chunk: ClaimedChunk, throttled: () => number): HeldChunk {
  const parent = propagation.extract(
    ROOT_CONTEXT,
    chunk.traceparent === null ? {} : { traceparent: chunk.traceparent },
  );
  const attributes = { 'bijli.run': chunk.runId, 'bijli.chunk': chunk.chunkNo, 'bijli.epoch': chunk.epoch };
  const tracer = trace.getTracer('@bijli/notifier');
  const span = tracer.startSpan('chunk', { attributes }, parent);
  const inside = trace.setSpan(parent, span);
  const { runId, runDay, chunkNo, partStride } = chunk;
  let submit: Span | null = null;
  let before = 0;
  const held: HeldChunk = {
    chunk,
    reference: { runId, runDay, chunkNo, partStride, context: inside },
    state: 'new',
    carriers: chunk.carriers,
    neverTold: chunk.neverTold,
    isToldsTurn: false,
    messages: [],
    loadedAbove: chunk.cursor,
    cursor: chunk.cursor,
    inFlight: 0,
    again: [],
    locked: [],
    textsHoldUntil: Number.POSITIVE_INFINITY,
    prepareAt: 0,
    failures: 0,
    resumesAt: 0,
    waits: 0,
    beginSubmit: () => {
      if (submit !== null) return;
      submit = tracer.startSpan('submit', {}, inside);
      before = throttled();
    },
    endSpans: () => {
      const messages = { 'bijli.messages': held.carriers };
      // Of the link meanwhile, so of another chunk too that was sent at the same time: why it took so long is told either way.
      submit?.setAttributes({ ...messages, 'bijli.throttled_parts': throttled() - before }).end();
      span.setAttributes(messages).end();
    },
  };
  return held;
}
