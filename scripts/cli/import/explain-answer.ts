import type { InspectedFile } from './inspect-file.ts';
import type { Answer } from './send-file.ts';

type FileError = { readonly field: string; readonly rule: string; readonly detail: string; readonly line: number };
type Problem = { readonly code?: string; readonly title?: string; readonly errors?: FileError[] };

const again = 'run the same command again';
/** What to do about a file that is CSV and nevertheless taken by nobody. */
const unfit: Readonly<Record<string, string>> = {
  'too-many-rows': 'Import it in parts',
  'too-large': 'Import it in parts',
  'column-count': 'Quote the cells that hold a comma, or divide the cells by ; and make "sep=;" the first line',
};
/** What an answer means that is not about what stands in the file. */
const troubles: Readonly<Record<string, (name: string) => string>> = {
  'import-running': () => `Another import is running: wait until it has ended, then ${again}.`,
  'no-room': () => `Too much is being uploaded: ${again}.`,
  'too-slow': (name) => `Nothing of ${name} came for 10 s: look at the line, then ${again}.`,
};
/** What divides cells instead of commas: how it is called, and the first line that declares it. */
const separators: readonly [sign: string, called: string, line: string][] = [
  [';', '";"', '"sep=;"'],
  ['\t', 'tabs', '"sep=" and a tab'],
  ['|', '"|"', '"sep=|"'],
];
const recipe = 'docs/how-to/import-your-district.md';

/** Says in one sentence why the registry did not take a file, and what to do. */
export function explainAnswer(file: InspectedFile, { status, body }: Answer): string {
  const problem = problemOf(body);
  const errors = problem.errors ?? [];
  const trouble = troubles[problem.code ?? ''];
  if (trouble !== undefined) return trouble(file.name);
  if (problem.code !== 'invalid-file' || errors.length === 0)
    return `consumer-registry answered ${status} (${problem.title ?? 'no reason'}) to ${file.name}: its log says why.`;
  return explainFile(file, errors as [FileError, ...FileError[]]);
}

function explainFile(file: InspectedFile, errors: readonly [FileError, ...FileError[]]): string {
  const [first] = errors;
  if (first.rule === 'utf-16')
    return `${file.name} is UTF-16: save it as UTF-8 ("CSV UTF-8" in a spreadsheet) and run the same command again.`;
  if (first.rule === 'utf-8')
    return `Line ${first.line} of ${file.name} is not UTF-8 (Latin-1 or Windows-1252, perhaps): save the file as UTF-8 and run the same command again.`;
  if (/-column$/.test(first.rule))
    return `The columns of ${file.name} are wrong: ${columnMistakes(file, errors)}. ${recipe} has the list.`;
  if (unfit[first.rule] !== undefined)
    return `${file.name} cannot be taken: ${first.detail}. ${unfit[first.rule]}; nothing was taken.`;
  return `${file.name} is not CSV: ${first.detail}. Mend it and run the same command again; nothing was taken.`;
}

function problemOf(body: string): Problem {
  try {
    return JSON.parse(body) as Problem;
  } catch {
    return {};
  }
}

function columnMistakes({ header }: InspectedFile, errors: readonly FileError[]): string {
  const names = header.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  const [, called, line] = separators.find(([sign]) => header.split(sign).length > names.length) ?? [];
  if (called !== undefined) return `its cells are divided by ${called} and not by commas: make ${line} its first line`;
  const of = (rule: string) => errors.filter((error) => error.rule === rule).map(({ field }) => fieldName(field));
  const [missing, unknown, twice] = [of('missing-column'), of('unknown-column'), of('duplicate-column')];
  return [
    ...(missing.length > 0 ? [`missing ${missing.join(', ')}`] : []),
    ...(unknown.length > 0 ? [`unknown ${unknown.map((place) => named(place, names)).join(', ')}`] : []),
    ...(twice.length > 0 ? [`twice ${twice.join(', ')}`] : []),
  ].join('; ');
}

/** `/body/1/mobile` is the column mobile, `/body/1/column 4` the fourth. */
const fieldName = (pointer: string): string => pointer.split('/').slice(3).join('/');

/** A file without header begins with somebody's data: only what can be a name is repeated. */
function named(place: string, names: readonly string[]): string {
  const name = names[Number(/\d+$/.exec(place)?.[0]) - 1] ?? '';
  return /^[\p{L}\p{M}][\p{L}\p{M}_ .()/-]{0,39}$/u.test(name) ? `${name} (${place})` : place;
}
