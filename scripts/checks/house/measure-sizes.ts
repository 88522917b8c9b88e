import { posix } from 'node:path';
import ts from 'typescript';
import type { SourceFile } from '../gates/gate.ts';
import { sourceFiles } from './source-files.ts';

const LINES_OF_FILE = 120;
const FILES_OF_FOLDER = 25;
const LINES_OF_FUNCTION = 40;

/** Counts what is larger than the sizes we aim at: files, folders, functions. */
export function measureSizes(root: string): [string, number][] {
  const files = sourceFiles(root);
  const folders = Map.groupBy(files, ({ path }) => posix.dirname(path));
  const functions = files.flatMap(functionLengths);
  return [
    ['files', files.length],
    [`files over ${LINES_OF_FILE} lines`, files.filter(({ text }) => linesIn(text) > LINES_OF_FILE).length],
    [
      `folders over ${FILES_OF_FOLDER} files`,
      [...folders.values()].filter(({ length }) => length > FILES_OF_FOLDER).length,
    ],
    [`functions over ${LINES_OF_FUNCTION} lines`, functions.filter((lines) => lines > LINES_OF_FUNCTION).length],
  ];
}

const linesIn = (text: string): number => text.trimEnd().split('\n').length;

/** The lines of each function of a file, those within it included. */
function functionLengths({ path, text }: SourceFile): number[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lengths: number[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined)
      lengths.push(linesIn(text.slice(node.getStart(source), node.end)));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return lengths;
}
