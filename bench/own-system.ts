import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const repository = join(import.meta.dirname, '..');

/** A system as `npm start` runs it, with data of its own. */
export type OwnSystem = { readonly dataFolder: string; readonly basePort: number; stop(): Promise<void> };

/** Starts a system that has nothing but the town, and resolves when it is ready. */
export async function startOwnSystem(basePort: number): Promise<OwnSystem> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'bijli-bench-'));
  const child = spawn(process.execPath, ['--conditions=bijli-source', 'scripts/start/main.ts'], {
    cwd: repository,
    env: { ...process.env, BIJLI_PORT: String(basePort), BIJLI_DATA: dataFolder, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await rm(dataFolder, { recursive: true });
  };
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('ready ')) continue;
    child.stdout.resume();
    return { dataFolder, basePort, stop };
  }
  await rm(dataFolder, { recursive: true });
  throw new Error('the system did not start');
}
