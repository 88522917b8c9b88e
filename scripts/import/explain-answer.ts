import type { InspectedFile } from './inspect-file.ts';
import type { Answer } from './send-file.ts';

type FileError = { field: string; rule: string; detail: string; line: number };
type Problem = { code?: string; title?: string; errors?: FileError[] };

const recipe = 'docs/how-to/import-your-district.md';

/** Says in one sentence why the registry did not take a file, and what to do. */
export function explainAnswer(file: InspectedFile, { status, body }: Answer): string {
  const problem = problemOf(body);
  const errors = problem.errors ?? [];
  if (problem.code === 'import-running')
    return 'Another import is running: wait until it has ended, then run the same command again.';
  if (problem.code !== 'invalid-file' || errors.length === 0)
    return `consumer-registry answered ${status} (${problem.title ?? 'no reason'}) to ${file.name}: its log says why.`;
  const [first] = errors as [FileError, ...FileError[]];
  if (first.rule === 'utf-16')
    return `${file.name} is UTF-16: save it as UTF-8 ("CSV UTF-8" in a spreadsheet) and run the same command again.`;
  if (first.rule === 'utf-8')
    return `Line ${first.line} of ${file.name} is not UTF-8 (Latin-1 or Windows-1252, perhaps): save the file as UTF-8 and run the same command again.`;
  if (/-column$/.test(first.rule))
    return `The columns of ${file.name} are wrong: ${columnMistakes(file, errors)}. ${recipe} has the list.`;
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
  const separator = [';', '\t', '|'].find((sign) => header.split(sign).length > names.length);
  if (separator !== undefined)
    return `its cells are divided by ${separator === '\t' ? 'tabs' : `"${separator}"`} and not by commas`;
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
