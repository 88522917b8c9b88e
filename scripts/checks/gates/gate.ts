import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFiles } from './repository-files.ts';

/** A file of the repository, read. */
export type SourceFile = { readonly path: string; readonly text: string };

/** What is wrong where; the line counts from 1. */
export type Finding = { readonly path: string; readonly line: number; readonly what: string };

/** Looks at every file and says what is wrong. `paths` names those too that it is not given to read. */
export type Gate = (files: readonly SourceFile[], paths: readonly string[]) => Finding[];

const readable = /\.(ts|mjs|js|json|md|ya?ml|sql|sh|py|avsc|properties|html|css|xml)$|(^|\/)[^.]+$/;
// Made by machines, or wrong on purpose.
const unread = /(^|\/)(generated|published)\/|^pnpm-lock\.yaml$|^scripts\/checks\/gates\/fixtures\//;

/** Runs a gate over the repository, prints its findings and sets the exit code. */
export function runGate(name: string, gate: Gate): void {
  const root = join(import.meta.dirname, '../../..');
  const paths = repositoryFiles(root);
  const files = paths
    .filter((path) => readable.test(path) && !unread.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  const findings = gate(files, paths);
  for (const { path, line, what } of findings) console.error(`${path}:${line}: ${what}`);
  if (findings.length > 0) process.exitCode = 1;
  else console.log(`${name}: ${files.length} files looked at`);
}

/** Looks at each line of a file; a pattern that matches is a finding. */
export function findLines({ path, text }: SourceFile, pattern: RegExp, what: string): Finding[] {
  return text.split('\n').flatMap((line, index) => (pattern.test(line) ? [{ path, line: index + 1, what }] : []));
}
