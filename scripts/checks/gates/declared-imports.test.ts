import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { declaredImportsGate } from './declared-imports-gate.ts';

const tree = join(__dirname, 'fixtures/declared-imports');
const files = readdirSync(tree, { recursive: true, encoding: 'utf8' })
  .filter((path) => statSync(join(tree, path)).isFile())
  .map((path) => ({ path, text: readFileSync(join(tree, path), 'utf8') }));
const found = declaredImportsGate(files).map(({ path, line, what }) => `${path}:${line}: ${what}`);

describe('the gate of the declared imports', () => {
  test.each([
    'libs/kafka/src/borrows-from-the-root.ts:2: libs/kafka/package.json does not declare pg',
    'libs/kafka/src/borrows-types.ts:1: libs/kafka/package.json does not declare @bijli/events',
    'libs/kafka/src/declares.test.ts:2: libs/kafka/package.json does not declare zod',
    'libs/kafka/src/loads-later.ts:2: libs/kafka/package.json does not declare zod',
    'libs/kafka/src/needs-it-at-run-time.ts:1: libs/kafka/package.json declares fast-check for development only, and this is no test',
    'scripts/jest.mjs:1: package.json declares jest for development only, and this is no test',
  ])('finds %s', (finding) => {
    expect(found).toContain(finding);
  });

  test('finds nothing else: neither what is declared, nor of Node, nor itself, nor what is only mentioned', () => {
    expect(found).toHaveLength(6);
  });
});
