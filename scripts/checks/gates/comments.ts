import type { SourceFile } from './gate.ts';

/** A line of a comment; it counts from 1. */
export type CommentLine = { readonly line: number; readonly text: string };

/** Behind what the rest of a line is a comment, by the kind of file. */
const SIGNS: readonly (readonly [RegExp, RegExp])[] = [
  [/\.(ts|mjs|js)$/, /(?:^|\s)\/\/(.*)$/],
  [/\.sql$/, /(?:^|\s)--\s(.*)$/],
  [/\.(sh|ya?ml)$|(^|\/)Dockerfile$|^\.(ci\/|env)/, /(?:^|\s)#(.*)$/],
];

/** Gives the lines of a file's comments, as far as they can be told without parsing: in blocks, and behind the sign of the file's kind. */
export function commentLines({ path, text }: SourceFile): CommentLine[] {
  const [, sign] = SIGNS.find(([kind]) => kind.test(path)) ?? [];
  if (sign === undefined) return [];
  let isInBlock = false;
  return text.split('\n').flatMap((line, index) => {
    const isBlock = isInBlock || /^\s*\/\*/.test(line);
    isInBlock = isBlock && !line.includes('*/');
    const comment = isBlock ? line : sign.exec(line)?.[1];
    return comment === undefined ? [] : [{ line: index + 1, text: comment }];
  });
}
