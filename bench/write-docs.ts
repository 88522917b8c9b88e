import { readFile, writeFile } from 'node:fs/promises';
import type { MachineTold } from './machine.ts';
import { besideMarkdown, budgetMarkdown, type Findings, markdownOf } from './report.ts';

const [FROM, TO] = ['<!-- what the bench measured -->', '<!-- until here -->'];

/** Puts what was measured between the two marks of the page; the rest of it is written by people. */
export async function writeDocs(path: string, findings: Findings): Promise<void> {
  await writeFile(path, withFindings(await readFile(path, 'utf8'), findings));
}

/** Replaces what stands between the two marks of a page. */
export function withFindings(page: string, findings: Findings): string {
  const [head = '', tail] = [page.split(FROM)[0], page.split(TO)[1]];
  if (tail === undefined) throw new Error(`docs/performance.md has no ${TO}`);
  const machine = `\`\`\`json\n${JSON.stringify(findings.machine, undefined, 2)}\n\`\`\``;
  const budget = findings.budget.length === 0 ? [] : [budgetMarkdown(findings.budget)];
  const parts = [
    FROM,
    conditionsOf(findings.machine),
    markdownOf(findings),
    ...budget,
    ...findings.tables.map(besideMarkdown),
    machine,
    TO,
  ];
  return head + parts.join('\n\n') + tail;
}

/** Says under which conditions figures were taken: who reads them should know it first. */
function conditionsOf({ form, connections, rounds, cores, measuredAt, usedByOthers, isQuiet }: MachineTold): string {
  const how = `Taken ${measuredAt} in the ${form} form: ${connections} connections, ${rounds} rounds, on ${cores} cores.`;
  const share = `${(100 * usedByOthers).toFixed(0)} %`;
  if (isQuiet) return `${how} Others on the machine used ${share} of them.`;
  return `${how} **Others on the machine used ${share} of them meanwhile: these are not the figures of a quiet machine.**`;
}
