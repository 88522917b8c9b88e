import type { GateName } from './gates/all-gates.ts';
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
  `scripts/checks/node_modules/${path}`,
  ...args,
];
/** A rule of our own (scripts/checks/gates). */
const gate = (name: GateName): [string, ...string[]] => script('scripts/checks/gates/main.ts', name);
const sources = ['libs', 'services', 'scripts', 'e2e', 'bench', 'deploy'];

/** Every rule that can be checked without running the system. */
export const staticChecks: readonly Check[] = [
  { name: 'types', command: [installed('tsc'), '-b'] },
  { name: 'format', command: [installed('biome'), 'format', '.'] },
  {
    name: 'lint',
    command: lintTool('eslint/bin/eslint.js', '--config', 'scripts/checks/gates/eslint.config.mjs', ...sources),
  },
  {
    name: 'imports',
    command: lintTool(
      'dependency-cruiser/bin/dependency-cruiser.mjs',
      '--config',
      '.dependency-cruiser.mjs',
      ...sources,
    ),
  },
  { name: 'declared imports', command: gate('declared imports') },
  { name: 'dead code and dependencies', command: [installed('knip'), '--no-progress', '--no-config-hints'] },
  { name: 'generated events are fresh', command: script('scripts/gen/events/main.ts', '--check') },
  { name: 'event map is fresh', command: script('scripts/gen/event-map/main.ts', '--check') },
  { name: 'topics and users of deploy/ are fresh', command: script('scripts/gen/deploy/main.ts', '--check') },
  { name: 'schemas', command: script('scripts/checks/gates/schemas.ts') },
  { name: 'environment', command: gate('environment') },
  { name: 'containers', command: gate('containers') },
  { name: 'OpenAPI documents', command: script('scripts/checks/gates/api-documents.ts') },
  { name: 'names', command: gate('names') },
  { name: 'causes', command: gate('causes') },
  { name: 'words', command: gate('words') },
  { name: 'docs', command: gate('docs') },
  { name: 'metrics in the docs', command: gate('metrics') },
  { name: 'settings in the docs', command: script('scripts/gen/docs-settings/main.ts') },
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
