import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartProblem } from './problem.ts';

/** Stands in the data folder while a start runs, and after one that was killed. */
export const claimFile = 'start.pid';

/** What the claim found. */
export type Claim = {
  /** The start before this one was killed: its servers may be stopping still. */
  readonly afterKill: boolean;
  release(): void;
};

/**
 * Makes the data folder this start's own: two at once would destroy each other's data.
 * @throws StartProblem when a running start has it.
 */
export function claimDataFolder(dataFolder: string): Claim {
  mkdirSync(dataFolder, { recursive: true });
  const file = join(dataFolder, claimFile);
  const other = readPid(file);
  if (other !== undefined && isStart(other)) {
    throw new StartProblem(
      `Bijli Alert already runs on ${dataFolder} (process ${other}): stop it first, or set BIJLI_DATA and BIJLI_PORT for a second one.`,
    );
  }
  writeFileSync(file, String(process.pid));
  return { afterKill: other !== undefined, release: () => rmSync(file, { force: true }) };
}

function readPid(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** A number left behind by a kill -9 may belong to another program by now. */
function isStart(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('scripts/start/main.ts');
  } catch {
    return process.platform !== 'linux'; // no /proc: better refuse than destroy
  }
}
