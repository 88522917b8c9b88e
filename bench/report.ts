import type { Figure, Missing } from './figures.ts';

/** Everything that a bench found. */
export type Findings = {
  readonly figures: readonly Figure[];
  readonly missing: readonly Missing[];
  /** The machine, and how the bench was run on it. */
  readonly machine: Readonly<Record<string, unknown>>;
  /** What stands beside the goals, for who wants to know why: by name, in lines. */
  readonly details: Readonly<Record<string, unknown>>;
};

/** The findings as JSON: `goals` has a row for each figure, a goal that could not be measured stands under `notMeasured`. */
export function jsonOf({ figures, missing, machine, details }: Findings): string {
  const goals = figures.map(({ goal, what, median, min, max, target, sense, unit, met, n, note }) => ({
    ...{ goal, what, median: rounded(median), min: rounded(min), max: rounded(max) },
    ...{ target, sense, unit, met, n, note },
  }));
  return `${JSON.stringify({ goals, notMeasured: missing, machine, details }, undefined, 2)}\n`;
}

/** The findings as a table for people. */
export function tableOf({ figures, missing }: Findings): string {
  const rows = figures.map((figure) => [figure.goal, figure.what, ...cellsOf(figure)]);
  const lines = aligned([['goal', 'what', 'min / median / max', 'n', 'target', 'unit', 'met'], ...rows]);
  const notes = figures.flatMap(({ goal, what, note }) => (note === null ? [] : [`${goal} ${what}: ${note}`]));
  return [...lines, ...notes, ...missing.map(({ goal, why }) => `${goal} was not measured: ${why}`)].join('\n');
}

/** The findings as a table of Markdown. */
export function markdownOf({ figures, missing }: Findings): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const head = ['goal', 'what', 'min / median / max', 'n', 'target', 'unit', 'met', 'note'];
  const rows = figures.map((figure) => row([figure.goal, figure.what, ...cellsOf(figure), figure.note ?? '']));
  const lost = missing.map(({ goal, why }) => row([goal, 'not measured', '', '', '', '', '', why]));
  return [row(head), row(head.map(() => '---')), ...rows, ...lost].join('\n');
}

function cellsOf({ min, median, max, n, target, sense, unit, met }: Figure): string[] {
  const sign = sense === 'at least' ? '≥' : '≤';
  const verdict = met === null ? 'not judged' : met ? 'met' : 'MISSED';
  return [[min, median, max].map(rounded).join(' / '), String(n), `${sign} ${target}`, unit, verdict];
}

/** Three significant digits are more than a bench can tell apart; large numbers keep their whole part. */
function rounded(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
