import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** A file that others may read at any time and that never grows past its bound: its older half moves to `<path>.1`. */
export type BoundedFile = {
  /** Adds text; returns when the operating system has it. After `close` it does nothing: the last words of a process may come late. */
  append(text: string): void;
  close(): void;
};

/**
 * Opens a file for appending, keeping what is there.
 * @param maxBytes of the file and its older part together. A single text is never cut.
 */
export function openBoundedFile(path: string, maxBytes: number): BoundedFile {
  mkdirSync(dirname(path), { recursive: true });
  let file = openSync(path, 'a', 0o600);
  let bytes = fstatSync(file).size;
  let closed = false;
  function turn(): void {
    closeSync(file);
    renameSync(path, `${path}.1`);
    file = openSync(path, 'a', 0o600);
    bytes = 0;
  }
  return {
    append(text) {
      if (closed) return;
      if (bytes > 0 && bytes + Buffer.byteLength(text) > maxBytes / 2) turn();
      bytes += writeSync(file, text);
    },
    close() {
      closed = true;
      closeSync(file);
    },
  };
}
