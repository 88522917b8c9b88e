import { spawn } from 'node:child_process';
import { join } from 'node:path';

const repository = join(import.meta.dirname, '../..');

const stopWithinMs = 20_000;

/** How a command ended; `output` is both its streams. */
export type CommandEnd = { readonly ok: boolean; readonly output: string };

/**
 * Runs a command in the repository's folder.
 * @param show passes its output on while it runs, besides collecting it.
 * @param timeoutMs after which it is stopped and has failed: something that hangs must not hang us.
 */
export async function runCommand(
  [program, ...args]: readonly [string, ...string[]],
  { timeoutMs, show = false }: { timeoutMs: number; show?: boolean },
): Promise<CommandEnd> {
  const child = spawn(program, args, { cwd: repository, stdio: ['ignore', 'pipe', 'pipe'] });
  const pieces: string[] = [];
  function collect(text: string): void {
    pieces.push(text);
    if (show) process.stdout.write(text);
  }
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', collect);
  const timers = [
    setTimeout(() => {
      collect(`\nstopped: it ran for more than ${timeoutMs / 1_000} s\n`);
      child.kill('SIGTERM');
    }, timeoutMs),
    setTimeout(() => child.kill('SIGKILL'), timeoutMs + stopWithinMs),
  ];
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', (fault) => {
      collect(String(fault));
      resolve(null);
    });
    child.on('close', resolve);
  });
  for (const timer of timers) clearTimeout(timer);
  return { ok: code === 0, output: pieces.join('') };
}
