import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from '@jest/globals';

const buildWithinMs = 240_000;

/** Nothing that the repository could mend: no Go, one that is too old, no way to the modules. A module that does not exist fails. */
const notOurs =
  /ENOENT|requires go >=|dial tcp|no such host|connection refused|i\/o timeout|TLS handshake|module lookup disabled/;

/**
 * Builds the programs of a Go module and describes tests that need them, given the folder of the programs; where Go or its modules do
 * not answer, the tests are reported as skipped, with the reason in their name.
 */
export function describeWithGo(name: string, module: string, tests: (programs: string) => void): void {
  const programs = mkdtempSync(join(tmpdir(), 'bijli-go-'));
  const { status, error, stderr } = spawnSync('go', ['build', '-o', `${programs}/`, './...'], {
    cwd: module,
    // No other Go than the one that is installed, and exactly the modules that go.sum names.
    env: { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly -buildvcs=false' },
    encoding: 'utf8',
    timeout: buildWithinMs,
  });
  if (status === 0) {
    describe(name, () => {
      afterAll(() => rmSync(programs, { recursive: true, force: true }));
      tests(programs);
    });
    return;
  }
  rmSync(programs, { recursive: true, force: true });
  const said = `${stderr ?? ''}${error?.message ?? ''}`;
  if (!notOurs.test(said)) throw new Error(`go build in ${module} failed:\n${said}`);
  const missing = said.trim().split('\n').at(-1) ?? '';
  console.warn(`SKIPPED: ${name}: ${missing}`); // Jest's summary only counts them
  describe.skip(`${name} (skipped: ${missing})`, () => tests(''));
}
