import type { Finding, SourceFile } from './gate.ts';

const ours = /^(libs|services|scripts|e2e|bench|deploy)\//;
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*$/;
const namedByOthers = /(^|\/)(README\.md|PROTOCOL\.md|Dockerfile[^/]*)$|\/(fixtures|generated)\//;
const emptyFolder = /^(common|shared|core|helpers?|utils?|misc)$/;
const emptySuffix = /(^|-)(manager|helpers?|utils?|impl|dto)$/;

/** Files and folders have names that say what is in them, in kebab-case. */
export function namesGate(files: readonly SourceFile[]): Finding[] {
  return files
    .filter(({ path }) => ours.test(path) && !namedByOthers.test(path))
    .flatMap(({ path }) => nameProblems(path));
}

function nameProblems(path: string): Finding[] {
  const parts = path.split('/');
  const file = parts.pop() ?? '';
  const bare = file.split('.')[0] ?? '';
  const problems = [
    ...(kebab.test(file) || file.startsWith('.') ? [] : [`"${file}" is not kebab-case`]),
    ...(emptySuffix.test(bare) ? [`"${file}" does not say what it does`] : []),
    ...parts
      .filter((folder) => emptyFolder.test(folder))
      .map((folder) => `a folder "${folder}" collects what has no place`),
  ];
  return problems.map((what) => ({ path, line: 1, what }));
}
