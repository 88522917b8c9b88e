import type { ProblemHolder } from './file-problem.ts';
import { openRowReader } from './read-rows.ts';

/**
 * Passes pieces of a file on as long as they are CSV with the wanted columns. Reading the rows twice costs half a second in half a million; for
 * it a sender learns of the first mistake at once, and no import begins with a file that is none.
 */
export async function* wellFormed(
  pieces: AsyncIterable<Buffer>,
  columns: readonly string[],
  holder: ProblemHolder,
): AsyncGenerator<Buffer> {
  const reader = openRowReader(columns, holder);
  for await (const piece of pieces) {
    reader.rowsOf(piece);
    yield piece;
  }
  reader.end();
}
