import type { FileProblem } from './import-report.ts';

/** The place of each wanted column in the file, or everything that is wrong with the header. */
export type CheckedHeader =
  | { readonly ok: true; readonly places: readonly number[] }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };

/**
 * Finds the wanted columns in the header, which stands on a line of the file. A column that is missing, unknown or there twice is a
 * problem; an unknown one is named by its place only, since a file without header begins with somebody's data.
 */
export function checkHeader(header: readonly string[], wanted: readonly string[], line: number): CheckedHeader {
  const wrong = (field: string, rule: string, detail: string): FileProblem => ({ line, field, rule, detail });
  const cells = header.map((cell) => cell.trim());
  const problems = [
    ...cells.flatMap((cell, index) =>
      wanted.includes(cell)
        ? []
        : [wrong(`column ${index + 1}`, 'unknown-column', `The columns are ${wanted.join(', ')}`)],
    ),
    ...wanted
      .filter((column) => !cells.includes(column))
      .map((column) => wrong(column, 'missing-column', 'This column is missing')),
    ...wanted
      .filter((column) => cells.indexOf(column) !== cells.lastIndexOf(column))
      .map((column) => wrong(column, 'duplicate-column', 'This column is listed twice')),
  ];
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, places: wanted.map((column) => cells.indexOf(column)) };
}
