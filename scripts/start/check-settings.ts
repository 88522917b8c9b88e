import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { StartProblem } from './problem.ts';
import type { Program } from './services.ts';

const withinMs = 60_000;

/**
 * Lets services judge their settings before anything is started for them.
 * @throws StartProblem that names every setting that is wrong, and no value.
 */
export async function checkSettings(services: readonly Program[]): Promise<void> {
  const found = await judge(services.map(({ name, env }) => ({ name, env })));
  const wrong = found.filter(({ problems }) => problems.length > 0);
  if (wrong.length === 0) return;
  const lines = wrong.flatMap(({ name, problems }) => problems.map((problem) => `  ${name}: ${problem}`));
  throw new StartProblem(`Settings are wrong, nothing was started:\n${lines.join('\n')}`);
}

type Judged = { readonly name: string; readonly problems: string[] };

function judge(services: readonly { name: string; env: Record<string, string> }[]): Promise<Judged[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Judged[]>();
  const args = ['--conditions=bijli-source', join(import.meta.dirname, 'check-settings/main.ts')];
  const child = execFile(process.execPath, args, { timeout: withinMs }, (fault, output) => {
    if (fault) reject(fault);
    else resolve(JSON.parse(output) as Judged[]);
  });
  child.stdin?.end(JSON.stringify(services));
  return promise;
}
