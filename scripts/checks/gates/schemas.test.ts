import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checkSchemas } from '@bijli/gen/schemas/schemas-check';

const fixtures = join(__dirname, 'fixtures', 'schemas');
const repository = join(__dirname, '..', '..', '..');

/** What each folder of fixtures must fail with. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  'changed-after-publishing': ['immutable'],
  incompatible: ['compatible'],
  'not-transitive': ['compatible'],
  'outside-subset': [
    'type',
    'type',
    'zero-width-items',
    'money',
    'personal-data',
    'instant',
    'default',
    'union',
    'type',
    'doc',
    'unit',
  ],
  'reused-id': ['ids'],
  unpublished: ['published'],
  'unreadable-golden': ['golden', 'golden'],
};

const run = (folder: string): { status: number | null; stderr: string } =>
  spawnSync(process.execPath, ['--conditions=bijli-source', join(__dirname, 'schemas.ts'), folder], {
    encoding: 'utf8',
  });

describe('the schema gate', () => {
  test('has an expectation for every fixture', () => {
    expect(readdirSync(fixtures).sort()).toEqual(Object.keys(wanted).sort());
  });

  test.each(Object.entries(wanted))('fails %s with %j', (name, rules) => {
    expect(checkSchemas(join(fixtures, name)).map(({ rule }) => rule)).toEqual(rules);
  });

  test('passes the schemas of this repository', () => {
    expect(checkSchemas(join(repository, 'schemas'))).toEqual([]);
  });

  test('ends with a code and says why, as a command', () => {
    const { status, stderr } = run(join(fixtures, 'incompatible'));

    expect(status).toBe(1);
    expect(stderr).toBe('metering/meter: compatible: v1 and the new one: place: its type changed\n');
    expect(run(join(repository, 'schemas')).status).toBe(0);
  });
});

describe('the generated types', () => {
  test('are fresh', () => {
    const main = join(repository, 'scripts', 'gen', 'events', 'main.ts');

    expect(() => execFileSync(process.execPath, ['--conditions=bijli-source', main, '--check'])).not.toThrow();
  });
});
