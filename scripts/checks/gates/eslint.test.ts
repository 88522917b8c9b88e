import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';

type Report = { readonly filePath: string; readonly messages: { ruleId: string | null }[] };

const repository = join(import.meta.dirname, '../../..');
const fixtures = 'scripts/checks/gates/fixtures/lint';
const run = promisify(execFile);

async function eslint(...args: string[]): Promise<string> {
  const program = [
    join(import.meta.dirname, '../node_modules/eslint/bin/eslint.js'),
    '-c',
    'scripts/checks/gates/eslint.config.mjs',
    ...args,
  ];
  const env = { ...process.env, LINT_FIXTURES: '1' };
  const ended = await run(process.execPath, program, { cwd: repository, env }).catch(
    (fault: { stdout: string; stderr: string }) => fault,
  );
  return ended.stdout || ended.stderr;
}

describe('the lint rules', () => {
  const seen = { reports: [] as Report[], rules: {} as Record<string, [number]> };
  beforeAll(async () => {
    const [reports, config] = await Promise.all([
      eslint('-f', 'json', fixtures),
      eslint('--print-config', `${fixtures}/any.test.ts`),
    ]);
    seen.reports = JSON.parse(reports) as Report[];
    seen.rules = (JSON.parse(config) as { rules: Record<string, [number]> }).rules;
  });

  test('each fixture breaks the rule that its first line names, and no other', () => {
    const named = seen.reports.map(({ filePath }) => [
      basename(filePath),
      /^\/\/ breaks (.*)/.exec(readFileSync(filePath, 'utf8'))?.[1],
    ]);
    const broken = seen.reports.map(({ filePath, messages }) => [
      basename(filePath),
      [...new Set(messages.map(({ ruleId }) => String(ruleId)))].join(),
    ]);

    expect(broken).toEqual(named);
    expect(broken.length).toBeGreaterThan(5);
  });

  test('each rule that is switched on has a fixture that breaks it', () => {
    const on = Object.entries(seen.rules).flatMap(([rule, [severity]]) => (severity === 2 ? [rule] : []));
    const broken = new Set(seen.reports.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId)));

    expect(on.filter((rule) => !broken.has(rule))).toEqual([]);
    expect(on.length).toBeGreaterThan(4);
  });
});
