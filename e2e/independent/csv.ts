import { readFileSync } from 'node:fs';

/** One line of a CSV file, by column name. */
export type Row = Readonly<Record<string, string>>;

/** Reads a CSV file (RFC 4180: quotes, doubled quotes, CRLF or LF). */
export function readCsv(path: string): Row[] {
  const [header = [], ...lines] = parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  return lines
    .filter((line) => line.length > 1)
    .map((line) => Object.fromEntries(header.map((name, n) => [name, line[n] ?? ''])));
}

function parse(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  // Each step takes one cell with its separator: quoted with doubled quotes inside, or plain.
  for (const [, quoted, plain, separator] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    line.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (separator === ',') continue;
    lines.push(line);
    line = [];
  }
  return lines;
}
