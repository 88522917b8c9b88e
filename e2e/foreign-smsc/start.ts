import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { until } from '@bijli/testing';
import { describe, test } from '@jest/globals';
import { findJava } from '@bijli/start/java';

/** A line that it says (ForeignSmsc.java); which fields there are depends on `what`. */
export type Said = Readonly<Record<string, string>>;

/** An SMSC that is not ours, with TLS. */
export type ForeignSmsc = {
  said(what: string): Said[];
  stop(): Promise<void>;
};

const script = join(import.meta.dirname, 'main.ts');
const node = ['--conditions=bijli-source', script];
const withinMs = 120_000;
const cannotRunHere = 3; // main.ts

/** Describes tests that need it; where it cannot run they are reported as skipped, with the reason in their name. */
export function describeWithForeignSmsc(name: string, tests: () => void): void {
  const missing = missingHere();
  if (missing === undefined) return describe(name, tests);
  console.warn(`SKIPPED: ${name}: ${missing}`);
  // Jest wants a test to skip: it is counted and named in the summary.
  describe.skip(`${name} (skipped: ${missing})`, () => test('runs', () => {}));
}

/** Why it cannot run here; undefined when it can. While tests are declared nothing can be waited for. */
function missingHere(): string | undefined {
  const { status, stderr } = spawnSync(process.execPath, [...node, '--prepare'], {
    encoding: 'utf8',
    timeout: withinMs,
  });
  if (status === 0) return undefined;
  if (status !== cannotRunHere) throw new Error(`the foreign SMSC could not be prepared:\n${stderr}`);
  return stderr.trim().split('\n').at(-1);
}

/** Makes a key with a certificate for localhost that signs itself. @returns the file of both, and that of the certificate alone. */
export async function makeKeyStore(folder: string): Promise<{ keyStore: string; certificate: string }> {
  const [keyStore, certificate] = [join(folder, 'smsc.p12'), join(folder, 'smsc.pem')];
  const java = (await findJava(process.env))?.program ?? '';
  const keytool = join(dirname(java), 'keytool'); // beside it; alone when Java is found on the PATH
  const where = ['-alias', 'smsc', '-keystore', keyStore, '-storepass', 'changeit'];
  const own = ['-storetype', 'PKCS12', '-keyalg', 'EC', '-dname', 'CN=localhost', '-ext', 'san=dns:localhost'];
  execFileSync(keytool, ['-genkeypair', ...where, ...own], { stdio: 'ignore' });
  execFileSync(keytool, ['-exportcert', '-rfc', ...where, '-file', certificate], { stdio: 'ignore' });
  return { keyStore, certificate };
}

/** Starts it and tells it its ways, like `receipt-ids decimal`. */
export async function startForeignSmsc(
  account: { port: number; systemId: string; password: string; keyStore: string },
  ways: readonly string[],
): Promise<ForeignSmsc> {
  const { port, systemId, password, keyStore } = account;
  const smsc = spawn(process.execPath, [...node, String(port), systemId, password, keyStore], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines: Said[] = [];
  createInterface({ input: smsc.stdout }).on('line', (line) => lines.push(JSON.parse(line) as Said));
  for (const way of ways) smsc.stdin.write(`${way}\n`);
  await until(() => lines.length > 0, { deadlineMs: withinMs, describe: 'the foreign SMSC to listen' });
  return { said: (what) => lines.filter((line) => line['what'] === what), stop: () => ended(smsc) };
}

async function ended(smsc: ChildProcess): Promise<void> {
  const exit = once(smsc, 'exit');
  smsc.stdin?.end();
  await exit;
}
