import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { ImportProblem } from './import-problem.ts';
import { lineCounter } from './lines-in.ts';
import type { FileKind } from './read-options.ts';

/** A file that is there and may be a CSV file; whether it is one the registry decides. */
export type InspectedFile = {
  readonly kind: FileKind;
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  readonly lines: number;
  readonly header: string;
};

/** Beginnings of files that people take for CSV. */
const otherKinds: readonly [beginning: string, what: string][] = [
  ['504b0304', 'a spreadsheet or a zip archive'],
  ['d0cf11e0', 'an old spreadsheet'],
  ['25504446', 'a PDF'],
  ['1f8b', 'compressed'],
];
const longestHeader = 4_096;

/**
 * Looks at a file before anything is sent: is it there, is it no spreadsheet, and how many lines does it have.
 * @throws ImportProblem
 */
export async function inspectFile(kind: FileKind, path: string): Promise<InspectedFile> {
  const name = basename(path);
  const bytes = await sizeOf(path);
  const beginning = await beginningOf(path);
  const other = otherKinds.find(([mark]) => beginning.toString('hex').startsWith(mark));
  if (other) throw new ImportProblem(`${name} is ${other[1]}, not CSV: save it as CSV in UTF-8 and import that.`);
  return { kind, path, name, bytes, lines: await countLines(path), header: headerOf(beginning.toString('utf8')) };
}

/** The line that names the columns, as if they stood between commas where a line before it says what divides them. */
function headerOf(beginning: string): string {
  const [first = '', second = ''] = beginning.replace(/^\ufeff/, '').split(/\r\n?|\n/, 2);
  const separator = /^"?sep=(.)"?$/i.exec(first)?.[1];
  return separator === undefined ? first : second.replaceAll(separator, ',');
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch((fault: NodeJS.ErrnoException) => {
    const why = fault.code === 'ENOENT' ? 'is not there' : `cannot be read (${fault.code})`;
    throw new ImportProblem(`${path} ${why}: check the path.`);
  });
  if (!found.isFile()) throw new ImportProblem(`${path} is no file: name the CSV file itself.`);
  if (found.size === 0) throw new ImportProblem(`${path} is empty: its first line must name the columns.`);
  return found.size;
}

async function beginningOf(path: string): Promise<Buffer> {
  const file = await open(path).catch((fault: NodeJS.ErrnoException) => {
    throw new ImportProblem(`${path} cannot be read (${fault.code}): check who may read it.`);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(longestHeader), 0, longestHeader, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function countLines(path: string): Promise<number> {
  const linesIn = lineCounter();
  let lines = 0;
  let endsWhole = true;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    lines += linesIn(chunk);
    endsWhole = chunk.at(-1) === 0x0a || chunk.at(-1) === 0x0d;
  }
  return endsWhole ? lines : lines + 1;
}
