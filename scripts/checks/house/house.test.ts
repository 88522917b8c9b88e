import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bijli-house-test-'));
  execFileSync('git', ['init', '-q'], { cwd: root });
  for (const folder of ['libs', 'services', 'scripts']) mkdirSync(join(root, folder));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(path: string, ...lines: string[]): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), `${lines.join('\n')}\n`);
}
/** What the command prints of that checkout, by what it is. */
function measured(): Record<string, number> {
  const command = ['--conditions=bijli-source', join(import.meta.dirname, 'main.ts'), root];
  const printed = execFileSync(process.execPath, command, { encoding: 'utf8' });
  const found = [...printed.matchAll(/^(.*\S) +(\d+) +\d+$/gm)];
  return Object.fromEntries(found.map(([, what, before]) => [what, Number(before)]));
}

const lines = (count: number, line: (at: number) => string): string[] =>
  Array.from({ length: count }, (_, at) => line(at));

test('a checkout is measured by what is hard to read in it, and by nothing else', () => {
  write('libs/clean/src/one.ts', '/** See ADR 0001. */', 'export function one(): number {', '  return 1;', '}');
  write('docs/adr/0001-one.md', '# One');
  write('libs/long/src/long.ts', ...lines(121, (at) => `export const n${at} = ${at};`));
  write(
    'services/long/src/work.ts',
    'export function work(): void {',
    ...lines(40, (at) => `  console.log(${at});`),
    '}',
  );
  for (const at of lines(26, String)) write(`services/full/src/file-${at}.ts`, `export const value = ${at};`);
  write(
    'libs/round/src/begin.ts',
    `import type { End } from './end.ts';`,
    'export type Begin = { readonly end: End | null };',
  );
  write(
    'libs/round/src/end.ts',
    `import type { Begin } from './begin.ts';`,
    'export type End = { readonly begin: Begin };',
  );
  const same = lines(12, (at) => `  total += values[${at}] ?? ${at} * factor;`);
  for (const name of ['first', 'second'])
    write(
      `scripts/${name}.ts`,
      `export function ${name}(values: readonly number[], factor: number): number {`,
      '  let total = 0;',
      ...same,
      '  return total;',
      '}',
    );
  write(
    'services/other/src/other.ts',
    '// See nowhere.md, and ADR 0009.',
    'export interface Lamp { lit: boolean }',
    'type Switch = { on: boolean; readonly name: string };',
    'export const press = (given: Switch): void => console.log(given.on);',
    'export function find(): string | undefined { return undefined; }',
    'export async function ask(query: (...all: unknown[]) => unknown, db: { raw(sql: string): void }): Promise<void> {',
    "  await query(db, 'select ?', [1]);",
    "  db.raw('select 1');",
    '}',
  );
  write('services/other/src/other.test.ts', ...lines(200, (at) => `export interface I${at} { lit: boolean }`));

  expect(measured()).toEqual({
    files: 34,
    'files over 120 lines': 1,
    'folders over 25 files': 1,
    'functions over 40 lines': 1,
    'circles of imports, types included': 1,
    'comments that cite what is not there': 2,
    'repeats over 10 lines': 1,
    'functions that are not declared': 1,
    'shapes that are interfaces': 1,
    'answers that are undefined': 1,
    'statements whose values have no names': 1,
    'statements that ask Knex itself': 1,
    'properties that are not readonly': 1,
  });
});
