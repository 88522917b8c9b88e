import { open } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { ImportProblem } from './import-problem.ts';
import { counted, type News } from './news.ts';
import type { ImportOptions } from './read-options.ts';
import { pathOf, type Taken } from './take-file.ts';

/** Rows of one file as the registry lists them: CSV lines of line, severity, field, rule, masked value and reason. */
type ListedRows = { readonly name: string; readonly lines: string[] };

const header = 'file,line,severity,field,rule,value,reason\n';

/**
 * Tells why rows were refused or taken with a warning, reason by reason, and writes all of them into one file.
 * @throws ImportProblem
 */
export async function listRefusedRows(taken: readonly Taken[], options: ImportOptions, news: News): Promise<void> {
  const listed: ListedRows[] = [];
  for (const { file, report } of taken) {
    if (report.refused + report.warnings === 0) continue;
    const lines = await fetchRows(`${options.registry}${pathOf(file.kind)}/${report.importId}/refused-rows`);
    news.say([`${file.name}, why:`, ...reasonsOf(lines)].join('\n'));
    listed.push({ name: file.name, lines });
  }
  if (listed.length === 0) return;
  const wanted = options.refusedFile ?? join(dirname(options.files.at(-1)?.path ?? ''), 'refused-rows.csv');
  news.say(`each of them with its line: ${await writeRows(wanted, listed)}`);
}

async function fetchRows(url: string): Promise<string[]> {
  const response = await fetch(url);
  if (!response.ok) {
    const what = 'when it was asked for the refused rows';
    throw new ImportProblem(`consumer-registry answered ${response.status} ${what}: its log says why.`);
  }
  return (await response.text()).split('\n').slice(1).filter(Boolean);
}

/** One line for each reason: how many rows, which column, why; refusals first, and the most frequent first. */
export function reasonsOf(lines: readonly string[]): string[] {
  const rows = new Map<string, number>();
  for (const line of lines) {
    const [, severity = '', field = '', , , reason = ''] = cellsOf(line);
    const what = [`${severity}:`, field, reason].filter(Boolean).join(' ');
    rows.set(what, (rows.get(what) ?? 0) + 1);
  }
  const isWarning = (what: string): number => Number(what.startsWith('warning'));
  return [...rows]
    .toSorted(([one, many], [other, more]) => isWarning(one) - isWarning(other) || more - many)
    .map(([what, count]) => `${counted(count).padStart(9)} ${what}`);
}

/** The registry writes no line end into a cell. */
const cellsOf = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );

/** Writes the rows under the wanted name or, where a file of that name is there, under one with a number; gives the name. */
export async function writeRows(wanted: string, listed: readonly ListedRows[]): Promise<string> {
  const rows = listed.flatMap(({ name, lines }) => lines.map((line) => `${cell(name)},${line}\n`));
  for (let place = 1; ; place += 1) {
    const path = place === 1 ? wanted : numbered(wanted, place);
    const file = await open(path, 'wx').catch((fault: NodeJS.ErrnoException) => {
      if (fault.code === 'EEXIST') return null;
      throw new ImportProblem(`${path} cannot be written (${fault.code}): name another place for it (--refused FILE).`);
    });
    if (file === null) continue;
    await file.writeFile(header + rows.join(''));
    await file.close();
    return path;
  }
}

function numbered(path: string, place: number): string {
  const extension = extname(path);
  return `${path.slice(0, path.length - extension.length)}-${place}${extension}`;
}

/** A name that begins like a formula is made a text, since people open the file in a spreadsheet. */
function cell(name: string): string {
  const text = /^[=+\-@\t\r]/.test(name) ? `'${name}` : name;
  return /[",\r\n']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
