import { join } from 'node:path';
import { until } from '@bijli/testing';
import { expect } from '@jest/globals';
import { type Ended, runCommand } from './run-command.ts';
import type { StartedSystem } from './started-system.ts';

/** Runs what `npm run dead-letters -- …` runs, against a started system. */
export function deadLetters({ basePort, dataFolder }: StartedSystem, ...args: string[]): Promise<Ended> {
  return runCommand([process.execPath, '--conditions=bijli-source', 'scripts/cli/dead-letters/main.ts', ...args], {
    cwd: join(import.meta.dirname, '..'),
    env: { ...process.env, BIJLI_PORT: String(basePort), BIJLI_DATA: dataFolder },
  });
}

/** Reads the reasons of a service's waiting dead letters off the list, oldest first. */
export async function waitingReasons(system: StartedSystem, service: string): Promise<string[]> {
  const { output } = await deadLetters(system, 'list', '--service', service, '--limit', '10000');
  return [...output.matchAll(new RegExp(`^${service} \\d+ {2}([a-z-]+):`, 'gm'))].map(([, reason = '']) => reason);
}

/** Waits until a service has so many dead letters more than `before`, and compares their reasons, in any order. */
export async function expectDeadLetters(
  system: StartedSystem,
  service: string,
  { before, reasons }: { before: number; reasons: readonly string[] },
): Promise<void> {
  const found = await until(
    async () => {
      const waiting = await waitingReasons(system, service);
      return waiting.length >= before + reasons.length ? waiting.slice(before) : undefined;
    },
    { describe: `${reasons.length} dead letters of ${service}` },
  );
  expect(found.sort()).toEqual([...reasons].sort());
}
