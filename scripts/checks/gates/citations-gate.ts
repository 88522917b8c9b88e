import { posix } from 'node:path';
import { type CommentLine, commentLines } from './comments.ts';
import type { Finding, SourceFile } from './gate.ts';

/** A document's name: with folders or without, not part of an address or of a pattern. */
const DOCUMENT = /(?<![\w:/.*<>{}-])((?:\.{1,2}\/)*(?:[\w-][\w.-]*\/)*[\w-][\w.-]*\.md)(?![\w/])/g;
const DECISION = /\bADR (\d{4})\b/g;

/**
 * What a comment cites is in the repository: a document beside the file, in its package, in docs/ or docs/adr/, or at the root; a decision
 * by its number, in Markdown too.
 */
export function citationsGate(files: readonly SourceFile[], paths: readonly string[]): Finding[] {
  const known = new Set(paths);
  return files.flatMap(({ path, text }) => {
    const isMarkdown = path.endsWith('.md');
    const lines = isMarkdown ? linesOf(text) : commentLines({ path, text });
    return lines.flatMap((each) => {
      const missing = isMarkdown ? [] : missingDocuments(path, each.text, known);
      return [...missing, ...missingDecisions(each.text, paths)].map((what) => ({ path, line: each.line, what }));
    });
  });
}

function linesOf(text: string): CommentLine[] {
  return text.split('\n').map((line, index) => ({ line: index + 1, text: line }));
}

function missingDecisions(text: string, paths: readonly string[]): string[] {
  return [...text.matchAll(DECISION)]
    .filter(([, number = '']) => !paths.some((path) => path.startsWith(`docs/adr/${number}-`)))
    .map(([cited]) => `${cited} is not in docs/adr`);
}

function missingDocuments(from: string, text: string, known: ReadonlySet<string>): string[] {
  const places = [posix.dirname(from), packageOf(from, known), 'docs', 'docs/adr', '.'];
  return [...text.matchAll(DOCUMENT)]
    .filter(([, name = '']) => !places.some((place) => known.has(posix.join(place, name))))
    .map(([, name = '']) => `${name} is not in the repository`);
}

/** The nearest folder above a file that has a package.json. */
function packageOf(path: string, known: ReadonlySet<string>): string {
  let folder = posix.dirname(path);
  while (folder !== '.' && !known.has(`${folder}/package.json`)) folder = posix.dirname(folder);
  return folder;
}
