import type { Figure, Missing } from './figures.ts';
import type { MachineTold } from './machine.ts';

/** A line of a budget: what a stage costs a text, in microseconds of a core, and what it may; null where nothing was set. */
export type BudgetLine = { readonly stage: string; readonly microseconds: number; readonly budget: number | null };

/** A table beside the goals, for people. */
export type Table = {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

/** Everything that a bench found. */
export type Findings = {
  readonly figures: readonly Figure[];
  readonly missing: readonly Missing[];
  /** What a text costs, stage by stage; empty when no district was told. */
  readonly budget: readonly BudgetLine[];
  /** What some goals tell besides their figures. */
  readonly tables: readonly Table[];
  /** The machine, and how the bench was run on it. */
  readonly machine: MachineTold & { readonly postgres: Readonly<Record<string, string>> | null };
  /** What stands beside the goals, for who wants to know why: by name, in lines. */
  readonly details: Readonly<Record<string, unknown>>;
};

/** The findings as JSON: `goals` has a row for each figure, and one with its `error` for what failed to run. */
export function jsonOf({ figures, missing, budget, tables, machine, details }: Findings): string {
  const measured = figures.map(({ goal, what, median, min, max, target, sense, unit, met, n, note }) => ({
    ...{ goal, what, median: rounded(median), min: rounded(min), max: rounded(max) },
    ...{ target, sense, unit, met, n, note, error: null },
  }));
  const failed = missing.map(({ goal, why }) => ({
    ...{ goal, what: FAILED, median: null, min: null, max: null },
    ...{ target: null, sense: null, unit: null, met: false, n: 0, note: null, error: why },
  }));
  const goals = byGoal([...measured, ...failed]);
  return `${JSON.stringify({ goals, budget, tables, machine, details }, undefined, 2)}\n`;
}

/** The findings as a table for people. */
export function tableOf({ figures, missing }: Findings): string {
  const notes = byGoal(figures).flatMap(({ goal, what, note }) => (note === null ? [] : [`${goal} ${what}: ${note}`]));
  const errors = byGoal(missing).map(({ goal, why }) => `${goal} failed to run: ${why}`);
  const rows = rowsOf(figures, missing).map(({ cells }) => cells);
  return [...aligned([HEAD, ...rows]), ...notes, ...errors].join('\n');
}

/** The findings as a table of Markdown. */
export function markdownOf({ figures, missing }: Findings): string {
  const rows = rowsOf(figures, missing).map(({ cells, note }) => [...cells, oneLine(note)]);
  return markdownTable([...HEAD, 'note'], rows);
}

/** What a text costs as a table for people. */
export function budgetTable(budget: readonly BudgetLine[]): string {
  return aligned([BUDGET_HEAD, ...budget.map(budgetCells)]).join('\n');
}

/** What a text costs as a table of Markdown. */
export function budgetMarkdown(budget: readonly BudgetLine[]): string {
  return markdownTable(BUDGET_HEAD, budget.map(budgetCells));
}

/** A table beside the goals, with its title. */
export function besideTable({ title, head, rows }: Table): string {
  return [`${title}:`, ...aligned([head, ...rows])].join('\n');
}

/** The same as a table of Markdown. */
export function besideMarkdown({ title, head, rows }: Table): string {
  return `${title}:\n\n${markdownTable(head, rows)}`;
}

const HEAD = ['goal', 'what', 'min / median / max', 'n', 'target', 'unit', 'met'];
const BUDGET_HEAD = ['what a text costs', 'µs of a core', 'budget'];
const FAILED = 'failed to run';

function budgetCells({ stage, microseconds, budget }: BudgetLine): string[] {
  return [stage, microseconds.toFixed(1), budget === null ? '' : String(budget)];
}

type Row = { readonly goal: string; readonly cells: readonly string[]; readonly note: string };

function rowsOf(figures: readonly Figure[], missing: readonly Missing[]): Row[] {
  const measured = figures.map((figure) => ({
    ...{ goal: figure.goal, cells: [figure.goal, ...cellsOf(figure)], note: figure.note ?? '' },
  }));
  const failed = missing.map(({ goal, why }) => ({
    goal,
    cells: [goal, FAILED, '', '0', '', '', 'MISSED'],
    note: why,
  }));
  return byGoal([...measured, ...failed]);
}

function cellsOf({ what, min, median, max, n, target, sense, unit, met }: Figure): string[] {
  const sign = sense === 'at least' ? '≥' : '≤';
  const verdict = met === null ? 'not judged' : met ? 'met' : 'MISSED';
  return [what, [min, median, max].map(rounded).join(' / '), String(n), `${sign} ${target}`, unit, verdict];
}

function byGoal<Each extends { readonly goal: string }>(rows: readonly Each[]): Each[] {
  const number = ({ goal }: Each): number => Number(goal.slice(1));
  return rows.toSorted((one, other) => number(one) - number(other));
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

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
}
