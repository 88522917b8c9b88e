import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { within } from './within.ts';

const frozen = join(import.meta.dirname, 'frozen');
const MICROSECONDS = 1_000_000;
/** The longest that a program of the bench may take. */
const GIVE_UP_AFTER_S = 600;

/** A submit_sm as the sink logged it: seconds of the machine's monotonic clock, and the handset. */
export type Submit = { readonly at: number; readonly handset: string };

/** The SMSC of the bench, a process of its own. */
export type Sink = {
  readonly pid: number;
  readonly port: number;
  /** Where its log ends now: what comes after is read from here. */
  end(): Promise<number>;
  /** Reads what it logged from one place of its log on. */
  since(place: number): Promise<Submit[]>;
  stop(): Promise<void>;
};

/** Seconds of the machine's monotonic clock, which the sink's log tells too. */
export function monotonicSeconds(): number {
  return Number(process.hrtime.bigint() / 1_000n) / MICROSECONDS;
}

/** Starts the sink, and resolves when it listens. */
export async function startSink(port: number, folder: string): Promise<Sink> {
  const log = join(folder, `submits-${port}.log`);
  const child = spawn(process.execPath, [join(frozen, 'sink.mjs'), String(port), log], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const [first] = (await Promise.race([once(child.stdout, 'data'), exit])) as unknown[];
  if (!String(first).startsWith('ready')) throw new Error(`the sink did not start on port ${port}`);
  const file = await open(log, 'r');
  return {
    pid: child.pid ?? 0,
    port,
    end: async () => (await file.stat()).size,
    since: async (place) => {
      const { size } = await file.stat();
      const { buffer } = await file.read(Buffer.alloc(size - place), 0, size - place, place);
      return buffer.toString('latin1').split('\n').slice(0, -1).map(submitOf);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exit;
      await file.close();
    },
  };
}

function submitOf(line: string): Submit {
  const [us, handset = ''] = line.split(' ');
  return { at: Number(us) / MICROSECONDS, handset };
}

/** The programs that must not change between two runs that are compared, with their SHA-256. */
export async function frozenHashes(): Promise<Record<string, string>> {
  const names = ['sink.mjs', 'raw-client.mjs'];
  const hash = async (name: string): Promise<string> =>
    createHash('sha256')
      .update(await readFile(join(frozen, name)))
      .digest('hex');
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await hash(name)] as const)));
}

/** How long the raw client takes for so many messages and their receipts, and what it costs. */
export async function rawLoop(port: number, count: number): Promise<{ seconds: number; coreSeconds: number }> {
  return JSON.parse(await outputOf(join(frozen, 'raw-client.mjs'), [String(port), String(count)])) as {
    seconds: number;
    coreSeconds: number;
  };
}

/** Runs a program of the bench in a process of its own and resolves with what it printed; one that takes ten minutes is ended. */
export async function outputOf(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = spawn(process.execPath, ['--conditions=bijli-source', program, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const closed = once(child, 'close') as Promise<[number | null]>;
  const [code] = await within(GIVE_UP_AFTER_S, program, closed, () => child.kill('SIGKILL'));
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  return output;
}
