// Runs Jest as this repository needs it: `node scripts/jest.mjs [Jest's arguments]`. Without `--selectProjects` every tier but e2e.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
// Jest's own file, not .bin/jest: a shell in between would swallow signals. ESM-only packages need the vm modules.
const nodeArguments = [
  '--experimental-vm-modules',
  '--conditions=bijli-source',
  '--disable-warning=ExperimentalWarning',
];
const jest = join(root, 'node_modules/jest/bin/jest.js');
const given = process.argv.slice(2);
const chosen = given.some((argument) => argument.startsWith('--selectProjects'));
const tiers = chosen ? [] : ['--selectProjects', 'unit', 'db', 'component']; // last: the option takes every word after it

const child = spawn(process.execPath, [...nodeArguments, jest, ...given, ...tiers], { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal];
});
