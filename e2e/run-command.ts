import { execFile } from 'node:child_process';

/** How a command ended and what it said. */
export type Ended = { readonly code: number; readonly output: string; readonly errors: string };

/** Runs a command to its end; one that takes longer than `withinMs` is killed and ends with code -1. */
export function runCommand(
  command: readonly [string, ...string[]],
  { cwd, env, withinMs = 60_000 }: { cwd: string; env?: NodeJS.ProcessEnv; withinMs?: number },
): Promise<Ended> {
  const [file, ...args] = command;
  return new Promise((resolve) => {
    execFile(file, args, { cwd, env, timeout: withinMs, maxBuffer: 16e6 }, (error, output, errors) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, output, errors });
    });
  });
}
