import type { GuardedProcess } from './guarded-process.ts';

const keptCharacters = 4_000;

/** Collects a process's output and answers when a text first appears in it. */
export type OutputWatch = {
  /** To be given every piece of output. */
  see(text: string): void;
  /**
   * Resolves when the text has appeared. When the process ends first, or the time is up, stops it and rejects with the end of its output.
   */
  wait(process: GuardedProcess): Promise<void>;
};

/**
 * Makes a watch for a text by which a server says that it serves.
 * @param name what to call the server in an error.
 */
export function watchForLine(name: string, sign: string, timeoutMs: number): OutputWatch {
  let tail = '';
  let appeared = (): void => {};
  const sawSign = new Promise<void>((resolve) => {
    appeared = resolve;
  });
  return {
    see(text) {
      tail = (tail + text).slice(-keptCharacters);
      if (tail.includes(sign)) appeared();
    },
    async wait(process) {
      const timeout = Promise.withResolvers<never>();
      const timer = setTimeout(
        () => timeout.reject(new Error(`${name} was not ready within ${timeoutMs} ms\n${tail}`)),
        timeoutMs,
      );
      const died = process.ended.then(async ({ code, signal }) => {
        await process.silent;
        throw new Error(`${name} ended with ${signal ?? code} before it was ready\n${tail}`);
      });
      try {
        await Promise.race([sawSign, timeout.promise, died]);
      } catch (fault) {
        await process.stop(); // nobody else will: the caller gets no process
        throw fault;
      } finally {
        clearTimeout(timer);
        died.catch(() => {}); // ends later, in its own time, and is then no news
      }
    },
  };
}
