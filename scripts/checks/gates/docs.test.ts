import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { adrGate } from './adr-gate.ts';
import { citationsGate } from './citations-gate.ts';
import type { Finding } from './gate.ts';

const tree = join(__dirname, 'fixtures/docs');
const paths = readdirSync(tree, { recursive: true, encoding: 'utf8' })
  .filter((path) => statSync(join(tree, path)).isFile())
  .sort();
const files = paths.map((path) => ({ path, text: readFileSync(join(tree, path), 'utf8') }));

const written = (findings: readonly Finding[]): string[] =>
  findings.map(({ path, line, what }) => `${path.split('/').at(-1)}:${line}: ${what}`);

describe('the citations gate', () => {
  const found = written(citationsGate(files, paths));

  test.each([
    'cites-what-is-gone.ts:1: notifier.md is not in the repository',
    'cites-what-is-gone.ts:5: ../gone.md is not in the repository',
    'cites-what-is-gone.ts:6: ADR 0099 is not in docs/adr',
    'cites-what-is-gone.ts:8: docs/how-to/gone.md is not in the repository',
    'cites-what-is-gone.ts:10: sms.md is not in the repository',
    '0001-create-outage.sql:1: design.md is not in the repository',
    '0001-create-outage.sql:2: retention.md is not in the repository',
    'outage.yaml:1: operations.md is not in the repository',
    'PROTOCOL.md:3: ADR 0099 is not in docs/adr',
  ])('finds %s', (finding) => {
    expect(found).toContain(finding);
  });

  test('finds nothing else: neither in code, nor what is beside the file, in its package, in docs or docs/adr', () => {
    expect(found).toHaveLength(9);
  });
});

describe('the gate of the decisions', () => {
  const found = written(adrGate(files));
  const headings = '"## What hurt", "## What we do", "## Held by"';

  test.each([
    `0002-without-headings.md:1: a decision has the headings ${headings}, in this order and no others`,
    'README.md:1: 0003-not-listed.md has 0 rows in the index, not one',
    'README.md:7: 0004-titled-otherwise.md begins with "# 0004 A title of its own", its row says otherwise',
    'README.md:8: 0005-gone.md is not there',
    'README.md:1: 0006-held-by-nothing.md has 0 rows in the index, not one',
    'note.md:1: a decision is NNNN-in-small-letters.md',
    'README.md:1: note.md has 0 rows in the index, not one',
  ])('finds %s', (finding) => {
    expect(found).toContain(finding);
  });

  test('finds nothing wrong with one that is in form and listed', () => {
    expect(found).toHaveLength(7);
  });
});
