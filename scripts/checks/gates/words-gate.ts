import { commentLines } from './comments.ts';
import type { Finding, SourceFile } from './gate.ts';
import { findLines } from './gate.ts';

const itself = /^scripts\/checks\/gates\/(words-gate|gates\.test)\.ts$/;

const banned: readonly { pattern: RegExp; what: string }[] = [
  { pattern: /\b(TODO|FIXME|XXX)\b(?!\s*\(?#\d+)/, what: 'an open end carries the number of its issue: TODO #12' },
  {
    pattern: /https?:\/\/[^\s'"`)]*\b(npmjs|maven|pypi|pythonhosted|golang|yarnpkg)\b/,
    what: 'clients know their registries and users their mirrors; no address of one stands here',
  },
  {
    pattern: /(^|[\s'"`(=:])\/(home|Users|root|work)\/[A-Za-z0-9_.-]+/,
    what: 'a path of one machine means nothing on another',
  },
  { pattern: /This function (will|is|does)\b/, what: 'a docstring begins with its verb: "Stores …"' },
];

/** Words that do not belong into a repository that others clone. */
export function wordsGate(files: readonly SourceFile[]): Finding[] {
  return files
    .filter(({ path }) => !itself.test(path))
    .flatMap((file) => [...banned.flatMap(({ pattern, what }) => findLines(file, pattern, what)), ...findTwice(file)]);
}

/** A line of a comment that stands twice, as a program that moves code leaves it. */
function findTwice(file: SourceFile): Finding[] {
  const lines = commentLines(file);
  return lines
    .filter(({ line, text }, at) => /\w/.test(text) && lines[at - 1]?.line === line - 1 && lines[at - 1]?.text === text)
    .map(({ line }) => ({ path: file.path, line, what: 'the line above says the same' }));
}
