import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

type Cruise = {
  readonly modules: { source: string }[];
  readonly summary: {
    violations: { from: string; rule: { name: string } }[];
    ruleSetUsed: { forbidden: { name: string }[] };
  };
};

const repository = join(import.meta.dirname, '../../..');
const packages: Record<string, string> = { kafkajs: 'index.js', pg: 'index.js' };

/** The fixtures as a repository of their own, with packages that lead back into it as a workspace's do. */
function makeTree(): string {
  const tree = realpathSync(mkdtempSync(join(tmpdir(), 'bijli-imports-')));
  cpSync(join(import.meta.dirname, 'fixtures/imports'), tree, { recursive: true });
  mkdirSync(join(tree, 'node_modules/@bijli'), { recursive: true });
  for (const library of readdirSync(join(tree, 'libs'))) {
    const manifest = { name: `@bijli/${library}`, exports: { '.': './src/index.ts', './produce': './src/produce.ts' } };
    writeFileSync(join(tree, 'libs', library, 'package.json'), JSON.stringify(manifest));
    symlinkSync(join('../../libs', library), join(tree, 'node_modules/@bijli', library));
  }
  for (const [name, file] of Object.entries(packages)) {
    mkdirSync(join(tree, 'node_modules', name));
    writeFileSync(
      join(tree, 'node_modules', name, 'package.json'),
      JSON.stringify({ name, version: '1.0.0', main: file }),
    );
    writeFileSync(join(tree, 'node_modules', name, file), 'module.exports = {};\n');
  }
  writeFileSync(join(tree, 'package.json'), JSON.stringify({ dependencies: { kafkajs: '1.0.0', pg: '1.0.0' } }));
  return tree;
}

async function cruise(tree: string): Promise<Cruise> {
  const program = join(import.meta.dirname, '../node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [
    '--config',
    join(repository, '.dependency-cruiser.mjs'),
    '-T',
    'json',
    'libs',
    'services',
    'scripts',
    'e2e',
  ];
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], {
    cwd: tree,
    maxBuffer: 64e6,
  }).catch(
    (fault: { stdout: string }) => fault, // its exit code counts the violations
  );
  return JSON.parse(stdout) as Cruise;
}

function namedIn(tree: string, file: string): string[] {
  const [, rules] = /^\/\/ breaks (.*)/.exec(readFileSync(join(tree, file), 'utf8')) ?? [];
  return rules?.split(', ').map((rule) => `${file} breaks ${rule}`) ?? [];
}

describe('the import rules', () => {
  const seen = { tree: '', broken: [] as string[], expected: [] as string[], rules: [] as string[] };
  beforeAll(async () => {
    seen.tree = makeTree();
    const { modules, summary } = await cruise(seen.tree);
    seen.broken = [...new Set(summary.violations.map(({ from, rule }) => `${from} breaks ${rule.name}`))].toSorted();
    seen.expected = modules
      .flatMap(({ source }) =>
        /^(libs|services|scripts|e2e)/.test(source) && source.endsWith('.ts') ? namedIn(seen.tree, source) : [],
      )
      .toSorted();
    seen.rules = summary.ruleSetUsed.forbidden.map(({ name }) => name);
  });
  afterAll(() => rmSync(seen.tree, { recursive: true }));

  test('each fixture breaks the rules that its first line names, and no other; those without such a line break none', () => {
    expect(seen.broken).toEqual(seen.expected);
  });

  test('types alone make a circle too', () => {
    expect(seen.broken).toContain('libs/service/src/circle-of-types-begin.ts breaks no-cycles');
  });

  test('each rule has a fixture that breaks it', () => {
    expect(seen.rules.filter((rule) => !seen.broken.some((line) => line.endsWith(` breaks ${rule}`)))).toEqual([]);
    expect(seen.rules.length).toBeGreaterThan(20);
  });
});
