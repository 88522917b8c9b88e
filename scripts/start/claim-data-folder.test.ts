import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@bijli/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { claimDataFolder, claimFile } from './claim-data-folder.ts';
import { spawnGuarded } from './guarded-process.ts';

const place = { folder: '' };
beforeEach(() => {
  place.folder = mkdtempSync(join(tmpdir(), 'claim-'));
});
afterEach(() => rmSync(place.folder, { recursive: true }));

describe('claimDataFolder', () => {
  test('has the folder until it is released', () => {
    const claim = claimDataFolder(join(place.folder, 'new'));

    expect(claim.afterKill).toBe(false);
    claim.release();
    expect(claimDataFolder(join(place.folder, 'new')).afterKill).toBe(false);
  });

  test('takes over after a start that was killed', () => {
    writeFileSync(join(place.folder, claimFile), String(2 ** 22 + 1)); // more than a process number can be

    expect(claimDataFolder(place.folder).afterKill).toBe(true);
  });

  test('takes over a number that belongs to another program by now', () => {
    writeFileSync(join(place.folder, claimFile), String(process.pid));

    expect(claimDataFolder(place.folder).afterKill).toBe(true);
  });

  test('is refused while another start runs', async () => {
    const other = await spawnGuarded({
      // One process: a child that outlived it would keep the pipe of its output open, and this run with it.
      command: process.execPath,
      args: ['-e', 'setInterval(() => {}, 60_000)', 'scripts/start/main.ts'],
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
      stopSignal: 'TERM',
      lastSignal: 'KILL',
      stopWithinSeconds: 1,
      onOutput: () => {},
    });
    // Until it has become the program that it is started as, its command line is the shell's, and for a moment nobody's.
    const commandLine = `/proc/${other.pid}/cmdline`;
    await until(() => !existsSync('/proc/self') || readFileSync(commandLine, 'utf8').startsWith(process.execPath), {
      describe: 'the other start to have its name',
    });
    writeFileSync(join(place.folder, claimFile), String(other.pid));

    expect(() => claimDataFolder(place.folder)).toThrow(`already runs on ${place.folder} (process ${other.pid})`);
    await other.stop();
  });
});
