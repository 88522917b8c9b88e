import type { Context } from '@opentelemetry/api';

/** What later facts about a chunk's messages refer back to. */
export interface ChunkReference {
  runId: string;
  runDay: string;
  chunkNo: number;
  /** Context of the chunk's span: receipts continue its trace. */
  context: Context;
}

/** What became of a text so far. */
export interface TextProgress {
  acceptedParts: number;
  /** Whether each of its parts has an outcome. */
  isSettled: boolean;
}

/** One accepted message part, as its receipt will look for it. */
export interface AcceptedPart {
  providerMessageId: string;
  destination: string;
  chunk: ChunkReference;
  seq: number;
  partNo: number;
  /** Parts of the whole text. */
  parts: number;
  /** Goes on with the text: looked at when a receipt comes. */
  text: Readonly<TextProgress>;
}
