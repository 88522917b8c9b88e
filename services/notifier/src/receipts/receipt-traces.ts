import { type Attributes, trace } from '@opentelemetry/api';
import type { ChunkReference } from '../dispatch/held-chunk.ts';

/** Receipts of one chunk that no span tells of yet. */
type Gathering = {
  readonly since: number;
  latest: number;
  delivered: number;
  others: number;
  timer: NodeJS.Timeout | undefined;
};

/** Tells in the trace of each chunk that its receipts came. */
export type ReceiptTraces = {
  came(chunk: ChunkReference, isDelivered: boolean): void;
  /** Writes the spans of everything gathered. */
  flush(): void;
};

/** A span is written when no receipt of the chunk came for this long: a few spans per chunk, none per recipient. */
const QUIET_MS = 1_000;

const tracer = trace.getTracer('@bijli/notifier');

/** Makes the gatherer of receipts for the trace. */
export function receiptTraces(): ReceiptTraces {
  const gathering = new Map<ChunkReference, Gathering>();
  const write = (chunk: ChunkReference, seen: Gathering) => {
    clearTimeout(seen.timer);
    gathering.delete(chunk);
    const attributes: Attributes = {
      'bijli.run': chunk.runId,
      'bijli.chunk': chunk.chunkNo,
      'bijli.delivered': seen.delivered,
      'bijli.others': seen.others,
    };
    tracer.startSpan('receipts', { startTime: seen.since, attributes }, chunk.context).end(seen.latest);
  };
  return {
    came(chunk, isDelivered) {
      const now = Date.now();
      const seen: Gathering = gathering.get(chunk) ?? {
        since: now,
        latest: now,
        delivered: 0,
        others: 0,
        timer: undefined,
      };
      clearTimeout(seen.timer);
      seen.latest = now;
      seen.timer = setTimeout(() => write(chunk, seen), QUIET_MS).unref();
      if (isDelivered) seen.delivered += 1;
      else seen.others += 1;
      gathering.set(chunk, seen);
    },
    flush() {
      for (const [chunk, seen] of [...gathering]) write(chunk, seen);
    },
  };
}
