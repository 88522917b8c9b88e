import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from '@jest/globals';

const installWithinMs = 240_000;

/** Nothing that the repository could mend: no pip, no way to its index, a Python too old. A version that does not exist fails. */
const notOurs =
  /from versions: none|Could not fetch URL|NewConnectionError|ConnectTimeout|Temporary failure|No module named|different python/;

type Made = { readonly python: string; readonly folder: string } | { readonly missing: string };

/**
 * Makes a Python of the test's own with the packages of a requirements file and describes tests that need it; where python3, its venv or
 * the index of packages do not answer, the tests are reported as skipped, with the reason in their name.
 */
export function describeWithPython(name: string, requirements: string, tests: (python: string) => void): void {
  const made = makePython(requirements);
  if ('missing' in made) {
    console.warn(`SKIPPED: ${name}: ${made.missing}`); // Jest's summary only counts them
    describe.skip(`${name} (skipped: ${made.missing})`, () => tests(''));
    return;
  }
  describe(name, () => {
    afterAll(() => rmSync(made.folder, { recursive: true, force: true }));
    tests(made.python);
  });
}

function makePython(requirements: string): Made {
  const folder = mkdtempSync(join(tmpdir(), 'bijli-python-'));
  const python = join(folder, 'bin/python');
  const venv = run('python3', ['-m', 'venv', folder]);
  if (venv !== null) return giveUp(folder, `python3 -m venv does not answer: ${lastLine(venv)}`);
  const install = run(python, ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', '-r', requirements]);
  if (install === null) return { python, folder };
  if (notOurs.test(install)) return giveUp(folder, `pip does not get the packages: ${lastLine(install)}`);
  rmSync(folder, { recursive: true, force: true });
  throw new Error(`pip install -r ${requirements} failed:\n${install}`);
}

function giveUp(folder: string, missing: string): Made {
  rmSync(folder, { recursive: true, force: true });
  return { missing };
}

/** Null when it worked, else what it said. While tests are declared nothing can be waited for. */
function run(file: string, args: readonly string[]): string | null {
  const { status, error, stdout, stderr } = spawnSync(file, args, { encoding: 'utf8', timeout: installWithinMs });
  return status === 0 ? null : `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`;
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
