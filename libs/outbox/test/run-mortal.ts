import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { testKafkaBrokers } from '@bijli/testing';
import type { Fate } from './mortal.ts';
import type { Testbed } from './testbed.ts';

/** Runs a mortal service to its death and resolves with the signal that ended it; throws what it said when it ended otherwise. */
export async function runMortal(bed: Testbed, fate: Pick<Fate, 'role' | 'failpoint' | 'deadlyEvent'>): Promise<void> {
  const told: Fate = { ...fate, url: bed.url, brokers: testKafkaBrokers(), prefix: bed.kafka.prefix };
  const program = join(import.meta.dirname, 'mortal.ts');
  const child = spawn(process.execPath, ['--conditions=bijli-source', program, JSON.stringify(told)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  if (signal !== 'SIGKILL') throw new Error(`the mortal ended with ${code ?? signal} instead of dying: ${said}`);
}
