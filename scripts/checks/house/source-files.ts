import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from '../gates/gate.ts';
import { repositoryFiles } from '../gates/repository-files.ts';

const CODE = /^(?:libs|services|scripts)\/.*\.(?:ts|mjs)$/;
const OTHER = /\.test\.ts$|\.d\.ts$|(?:^|\/)(?:test|fixtures|generated)\//;

/** Reads the code of a checkout: what runs in services, libraries and commands; no tests, no fixtures, nothing that a program wrote. */
export function sourceFiles(root: string): SourceFile[] {
  return repositoryFiles(root)
    .filter((path) => CODE.test(path) && !OTHER.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}
