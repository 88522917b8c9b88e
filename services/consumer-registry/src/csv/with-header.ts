import type { ProblemHolder } from './file-problem.ts';
import { openRowReader } from './read-rows.ts';

/** Passes pieces of a file on, and stops at the first of them when its header is none: nobody sends a whole file to learn that. */
export async function* withHeader(
  pieces: AsyncIterable<Buffer>,
  columns: readonly string[],
  holder: ProblemHolder,
): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const piece of pieces) {
    if (isFirst) openRowReader(columns, holder).rowsOf(piece);
    isFirst = false;
    yield piece;
  }
}
