import type { Context } from '@opentelemetry/api';

/** What later facts about a chunk's messages refer back to. */
export type ChunkReference = {
  readonly runId: string;
  readonly runDay: string;
  readonly chunkNo: number;
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
