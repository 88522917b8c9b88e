import type { Journey, Step } from './journey.ts';

const STATEMENT = /^pg[.-]/;
const barColumns = 30;
const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Kolkata', dateStyle: 'short', timeStyle: 'medium' });

/** Writes a journey as an indented waterfall. Statements that follow each other become one line unless `all`. */
export function printJourney(journey: Journey, { title, all }: { title: string; all: boolean }): string {
  const { traceId, startedAt, tookMs, services, steps } = journey;
  const shown = all ? steps : foldStatements(steps);
  const widest = Math.max(...services.map((service) => service.length));
  const head = `${title} at ${clock.format(startedAt)} IST: ${shortly(tookMs)} over ${services.join(', ')}`;
  const lines = shown.map((step) => lineOf(step, tookMs, widest));
  return [head, `trace ${traceId}`, '', ...lines, ''].join('\n');
}

function lineOf({ kind, depth, atMs, tookMs, service, name, failed }: Step, wholeMs: number, widest: number): string {
  const wait = kind === 'span' ? '' : '· ';
  const text = `${'  '.repeat(depth)}${wait}${name}${failed ? ' (failed)' : ''}`;
  return [
    shortly(atMs).padStart(10),
    shortly(tookMs).padStart(10),
    bar(atMs, tookMs, wholeMs, kind === 'span' ? '█' : '░'),
    service.padEnd(widest),
    text,
  ].join('  ');
}

/** At least one column, so that nothing is invisible. */
function bar(atMs: number, tookMs: number, wholeMs: number, fill: string): string {
  const column = (ms: number): number => Math.round((ms / (wholeMs || 1)) * barColumns);
  const from = Math.min(column(atMs), barColumns - 1);
  const length = Math.max(1, Math.min(column(atMs + tookMs), barColumns) - from);
  return (' '.repeat(from) + fill.repeat(length)).padEnd(barColumns);
}

function shortly(ms: number): string {
  return ms >= 10_000 ? `${(ms / 1_000).toFixed(1)} s` : `${ms.toFixed(1)} ms`;
}

/** Of neighbours that are statements of one service under one parent it makes one step, as long as they are together. */
function foldStatements(steps: readonly Step[]): Step[] {
  const folded: { step: Step; statements: number }[] = [];
  for (const step of steps) {
    const before = folded.at(-1);
    const isStatement = STATEMENT.test(step.name);
    if (isStatement && before !== undefined && before.statements > 0 && isBeside(before.step, step)) {
      const tookMs = Math.max(before.step.tookMs, step.atMs + step.tookMs - before.step.atMs);
      before.step = { ...before.step, tookMs, failed: before.step.failed || step.failed };
      before.statements += 1;
    } else folded.push({ step, statements: isStatement ? 1 : 0 });
  }
  return folded.map(({ step, statements }) =>
    statements > 1 ? { ...step, name: `PostgreSQL, ${statements} statements` } : step,
  );
}

function isBeside(one: Step, other: Step): boolean {
  return one.depth === other.depth && one.service === other.service;
}
