import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourceFiles } from './source-files.ts';

const LINES = 10;
const jscpd = createRequire(import.meta.url).resolve('jscpd/run-jscpd.js');

/** Counts pairs of pieces of more than ten lines that are the same. */
export function countRepeats(root: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'bijli-house-'));
  try {
    const options = ['--min-lines', String(LINES + 1), '--reporters', 'json', '--output', folder, '--silent'];
    const files = sourceFiles(root).map(({ path }) => path);
    execFileSync(process.execPath, [jscpd, ...options, ...files], { cwd: root, stdio: 'ignore' });
    const report = JSON.parse(readFileSync(join(folder, 'jscpd-report.json'), 'utf8')) as { duplicates: unknown[] };
    return report.duplicates.length;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
