import { runCommand } from './run-command.ts';
import type { Tally } from './tally.ts';

/** A rule held by a command that fails when it is broken. */
export type Check = { readonly name: string; readonly command: readonly [string, ...string[]] };

const node = process.execPath;
const installed = (program: string): string => `node_modules/.bin/${program}`;
const script = (path: string, ...args: string[]): [string, ...string[]] => [
  node,
  '--conditions=bijli-source',
  path,
  ...args,
];
const lintTool = (path: string, ...args: string[]): [string, ...string[]] => [
  node,
  `scripts/lint/node_modules/${path}`,
  ...args,
];
const sources = ['libs', 'services', 'scripts', 'e2e', 'bench', 'deploy'];

/** Every rule that can be checked without running the system. */
export const staticChecks: readonly Check[] = [
  { name: 'types', command: [installed('tsc'), '-b'] },
  { name: 'format', command: [installed('biome'), 'format', '.'] },
  { name: 'lint', command: lintTool('eslint/bin/eslint.js', '--config', 'scripts/lint/eslint.config.mjs', ...sources) },
  {
    name: 'imports',
    command: lintTool(
      'dependency-cruiser/bin/dependency-cruiser.mjs',
      '--config',
      '.dependency-cruiser.mjs',
      ...sources,
    ),
  },
  { name: 'dead code and dependencies', command: [installed('knip'), '--no-progress', '--no-config-hints'] },
  { name: 'generated events are fresh', command: script('scripts/gen-events/main.ts', '--check') },
  { name: 'event map is fresh', command: script('scripts/gen-event-map.ts', '--check') },
  { name: 'topics and users of deploy/ are fresh', command: script('scripts/gen-deploy.ts', '--check') },
  { name: 'schemas', command: script('scripts/lint/schemas.ts') },
  { name: 'environment', command: script('scripts/lint/environment.ts') },
  { name: 'containers', command: script('scripts/lint/compose.ts') },
  { name: 'OpenAPI documents', command: script('scripts/lint/api-documents.ts') },
  { name: 'names', command: script('scripts/lint/names.ts') },
  { name: 'causes', command: script('scripts/lint/causes.ts') },
  { name: 'words', command: script('scripts/lint/words.ts') },
  { name: 'docs', command: script('scripts/lint/docs.ts') },
  { name: 'metrics in the docs', command: script('scripts/lint/metrics.ts') },
  { name: 'settings in the docs', command: script('scripts/lint/docs-settings.ts') },
];

const timeoutMs = 300_000;

/** Runs checks one after the other, says how each ended, and shows what a failing one said. */
export async function runChecks(checks: readonly Check[]): Promise<Tally> {
  const tally = { passed: 0, failed: 0 };
  for (const { name, command } of checks) {
    const began = performance.now();
    const { ok, output } = await runCommand(command, { timeoutMs });
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    console.log(`${ok ? 'PASS' : 'FAIL'} check ${name} (${seconds} s)${ok ? '' : `\n${output.trimEnd()}`}`);
    tally[ok ? 'passed' : 'failed'] += 1;
  }
  return tally;
}
