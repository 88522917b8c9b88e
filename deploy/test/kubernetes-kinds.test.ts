import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWithPython } from '@bijli/e2e/python';
import { buildOverlay } from './build-overlay.ts';
import { isCustom } from './custom-kinds.ts';
import { edited } from './edited.ts';
import type { Resource } from './resources.ts';

const resources = buildOverlay('district').filter((resource) => !isCustom(resource));
/** The newest that CloudNativePG 1.27 was made for, and the newest that the validator knows. */
const versions = ['1.33', '1.37'];

describeWithPython('what Kubernetes is given', join(import.meta.dirname, 'requirements.txt'), (python) => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bijli-manifests-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** How many resources the validator found right, and what it said of the others. */
  function validated(given: readonly Resource[], version: string): { right: number; rest: string[] } {
    const file = join(folder, 'manifests.yaml');
    writeFileSync(file, given.map((resource) => `---\n${JSON.stringify(resource)}\n`).join(''));
    const { stdout } = spawnSync(python, ['-m', 'kubernetes_validate', '--strict', '-k', version, file], {
      encoding: 'utf8',
    });
    const lines = stdout.trim().split('\n');
    const rest = lines.filter((line) => !line.startsWith('INFO '));
    return { right: lines.length - rest.length, rest };
  }

  test.each(versions)('is of kinds and forms that version %s knows', (version) => {
    expect(validated(resources, version)).toEqual({ right: resources.length, rest: [] });
  });

  test.each([
    [
      'a field under another name',
      'Deployment',
      '/spec/template/spec/containers/0/readinessProbe',
      { renamed: 'readyProbe' },
      'Additional properties',
    ],
    ['a value of another type', 'Service', '/spec/ports/0/port', { value: 'http' }, 'is not of type'],
    ['nothing where something must be', 'Deployment', '/spec/selector', 'removed', 'is a required property'],
    ['a kind of another group', 'Job', '/apiVersion', { value: 'batch/v2' }, 'WARN'],
  ] as const)('with %s is refused', (_, kind, path, edit, problem) => {
    const { rest } = validated(edited(resources, kind, path, edit), '1.33');

    expect(rest.join('\n')).toContain(problem);
  });
});
