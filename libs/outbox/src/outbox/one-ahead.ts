import { setImmediate as endOfTurn } from 'node:timers/promises';

/**
 * Gives what a source gives, and asks it for the next piece before the present one is used: what makes pieces and what uses them work
 * at the same time. When the use ends early, it waits for the piece that was asked for.
 */
export async function* oneAhead<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const pieces = source[Symbol.asyncIterator]();
  let next = pieces.next();
  try {
    for (;;) {
      const piece = await next;
      if (piece.done === true) return;
      next = pieces.next();
      next.catch(() => undefined); // the caller that waits for it gets the error
      await endOfTurn(); // a statement leaves the process some promises later: before the thread is taken for the present piece
      yield piece.value;
    }
  } finally {
    await next.catch(() => undefined);
    await pieces.return?.();
  }
}
