import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

// The watcher holds the reading end of fd 3; only the supervisor holds the other. However the supervisor ends, kill -9 included, the
// pipe closes, `read` fails, and the process is asked to stop, later made to. A line means it has ended by itself. The process keeps
// the shell's pid (`exec`), so what is killed, waited for and seen in `ps` is the process itself.
const guard = [
  'first=$1 last=$2 tries=$3; shift 3',
  '( read -r ended && exit',
  'kill -s "$first" $$',
  'while [ "$tries" -gt 0 ] && kill -0 $$; do tries=$((tries - 1)); sleep 0.2; done',
  'kill -s "$last" $$',
  ') <&3 >/dev/null 2>&1 &',
  'exec "$@" </dev/null 3<&-',
].join('\n');
const triesPerSecond = 5;

/** What to run and how it likes to be stopped. */
export type ProcessPlan = {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Record<string, string | undefined>;
  /** Another user to run as, when the supervisor is root and the program refuses to be. */
  readonly identity?: { uid: number; gid: number } | null;
  readonly stopSignal: 'TERM' | 'INT';
  /** How long the process may take to end after `stopSignal` before `KILL` (or `QUIT`, PostgreSQL's last resort). */
  readonly stopWithinSeconds: number;
  readonly lastSignal: 'KILL' | 'QUIT';
  /** Everything the process prints, both streams, in the pieces in which it arrives. */
  readonly onOutput: (text: string) => void;
};

/** How a process ended: an exit code, or the signal that killed it. */
export type ProcessEnd = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** A running process that cannot outlive this one. */
export type GuardedProcess = {
  readonly pid: number;
  /** Resolves when the process has ended, never rejects. */
  readonly ended: Promise<ProcessEnd>;
  /** Resolves when its last words have come, which may be after its end. */
  readonly silent: Promise<void>;
  /** Asks the process to stop, forces it after its time, resolves when it has ended. */
  stop(): Promise<ProcessEnd>;
};

/**
 * Runs a process that ends when this one does, however this one ends.
 * It has a session of its own, so a Ctrl-C in the terminal reaches only us and we stop things in order.
 * @throws when the program cannot be started at all.
 */
export async function spawnGuarded(plan: ProcessPlan): Promise<GuardedProcess> {
  const tries = String(plan.stopWithinSeconds * triesPerSecond);
  const child = spawn(
    '/bin/sh',
    ['-c', guard, 'guard', plan.stopSignal, plan.lastSignal, tries, plan.command, ...plan.args],
    { cwd: plan.cwd, env: plan.env, ...plan.identity, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] },
  );
  const lifeline = child.stdio[3] as Writable;
  lifeline.on('error', () => {}); // the watcher may be gone first; its process is then gone too
  child.stdout?.setEncoding('utf8').on('data', plan.onOutput);
  child.stderr?.setEncoding('utf8').on('data', plan.onOutput);
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (code, signal) => {
      lifeline.end('ended\n');
      resolve({ code, signal });
    });
  });
  const silent = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  return {
    pid: child.pid as number,
    ended,
    silent,
    stop() {
      lifeline.end();
      return ended;
    },
  };
}
