// `npm run district-check`: the tests of one's own district and of the foreign SMSC with 462,000 connections instead of a few hundred: an
// export in a format of the department's own is converted, imported, and a cut on one of its feeders told exactly. Some ten minutes.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const DISTRICT_ROWS = 462_000;
const repository = join(import.meta.dirname, '..');

const tests = ['e2e/own-district', 'e2e/foreign-smsc.e2e'];
const args = ['scripts/jest.mjs', '--runInBand', ...tests, '--selectProjects', 'e2e'];
const env = { ...process.env, DISTRICT_ROWS: String(DISTRICT_ROWS) };
spawn(process.execPath, args, { cwd: repository, env, stdio: 'inherit' }).on('exit', (code) => {
  process.exitCode = code ?? 1;
});
