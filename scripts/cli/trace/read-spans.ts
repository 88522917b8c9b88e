import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SpanLine } from '@bijli/trace-sink/span-line';

/** The sink's file and its older half (start/bounded-file.ts). */
const files = ['spans.jsonl.1', 'spans.jsonl'];

/** Reads the spans of some traces from the sink's folder, by trace id; a line that is cut off is passed over. */
export async function readSpans(folder: string, traceIds: readonly string[]): Promise<Map<string, SpanLine[]>> {
  const found = new Map(traceIds.map((traceId): [string, SpanLine[]] => [traceId, []]));
  for (const file of files.map((name) => join(folder, name)).filter((path) => existsSync(path))) {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
      // Most lines are other traces': looking for the id is much cheaper than parsing.
      if (!traceIds.some((traceId) => line.includes(traceId))) continue;
      const span = parseSpan(line);
      if (span !== null) found.get(span.traceId)?.push(span);
    }
  }
  return found;
}

function parseSpan(line: string): SpanLine | null {
  try {
    return JSON.parse(line) as SpanLine;
  } catch {
    return null;
  }
}
