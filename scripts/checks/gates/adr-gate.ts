import { posix } from 'node:path';
import type { Finding, SourceFile } from './gate.ts';

const FOLDER = 'docs/adr';
const INDEX = `${FOLDER}/README.md`;
const DECISION = /^(\d{4})-[a-z0-9-]+\.md$/;
const HEADINGS = ['What hurt', 'What we do', 'Held by'];
/** One line of the index: number, title and file, the decision in one line, what holds it. */
const ROW = /^\| *(\d{4}) *\| *\[(.+)\]\(([^)]+)\) *\| *(\S.*?) *\| *(\S.*?) *\|$/;

type Row = { readonly number: string; readonly title: string; readonly file: string; readonly line: number };

/** Every decision has the three headings and a row of the index, which says its number and its title as they are. */
export function adrGate(files: readonly SourceFile[]): Finding[] {
  const pages = files.filter(({ path }) => posix.dirname(path) === FOLDER && path !== INDEX);
  if (pages.length === 0) return [];
  const rows = rowsOf(files.find(({ path }) => path === INDEX)?.text ?? '');
  return [...pages.flatMap((page) => [...checkPage(page), ...checkRow(page, rows)]), ...rowsWithoutPage(rows, pages)];
}

function rowsOf(text: string): Row[] {
  return text.split('\n').flatMap((each, index) => {
    const [row, number = '', title = '', file = ''] = ROW.exec(each) ?? [];
    return row === undefined ? [] : [{ number, title, file, line: index + 1 }];
  });
}

function checkPage({ path, text }: SourceFile): Finding[] {
  const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  const isInForm = headings.join('\n') === HEADINGS.join('\n');
  const words = HEADINGS.map((heading) => `"## ${heading}"`).join(', ');
  return [
    ...(DECISION.test(posix.basename(path)) ? [] : [{ path, line: 1, what: 'a decision is NNNN-in-small-letters.md' }]),
    ...(isInForm ? [] : [{ path, line: 1, what: `a decision has the headings ${words}, in this order and no others` }]),
  ];
}

function checkRow({ path, text }: SourceFile, rows: readonly Row[]): Finding[] {
  const file = posix.basename(path);
  const [first = ''] = text.split('\n');
  const of = rows.filter((row) => row.file === file);
  if (of.length !== 1) return [{ path: INDEX, line: 1, what: `${file} has ${of.length} rows in the index, not one` }];
  return of
    .filter(({ number, title }) => first !== `# ${number} ${title}` || !file.startsWith(number))
    .map(({ line }) => ({ path: INDEX, line, what: `${file} begins with "${first}", its row says otherwise` }));
}

function rowsWithoutPage(rows: readonly Row[], pages: readonly SourceFile[]): Finding[] {
  const known = new Set(pages.map(({ path }) => posix.basename(path)));
  return rows
    .filter(({ file }) => !known.has(file))
    .map(({ file, line }) => ({ path: INDEX, line, what: `${file} is not there` }));
}
