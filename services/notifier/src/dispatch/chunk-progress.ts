import type { Context } from '@opentelemetry/api';

/** What later facts about a chunk's messages refer back to. */
export interface ChunkReference {
  runId: string;
  runDay: string;
  chunkNo: number;
  /** Context of the chunk's span: receipts continue its trace. */
  context: Context;
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
}
