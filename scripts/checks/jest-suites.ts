import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './run-command.ts';
import type { Tally } from './tally.ts';

/** What Jest's report says, as far as we read it. */
export type JestReport = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly success: boolean;
};

/** Runs the tests of some tiers. */
export async function runJest(tiers: readonly string[], timeoutMs: number, ...args: string[]): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'bijli-jest-'));
  const reportFile = join(folder, 'report.json');
  const report = ['--json', `--outputFile=${reportFile}`, '--passWithNoTests'];
  try {
    const command = [process.execPath, 'scripts/jest.mjs', ...report, ...args, '--selectProjects', ...tiers] as const;
    const { ok } = await runCommand(command, { timeoutMs, show: true });
    return tallyOf(JSON.parse(await readFile(reportFile, 'utf8').catch(() => 'null')) as JestReport | null, ok);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Counts what Jest reports. A test file that could not run is a failure, and so is a run that failed though no test did: a server that
 * would not stop, a handle that was left open.
 */
export function tallyOf(report: JestReport | null, ok: boolean): Tally {
  if (!report) return { passed: 0, failed: 1 };
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return { passed: report.numPassedTests, failed: failed === 0 && !(ok && report.success) ? 1 : failed };
}
