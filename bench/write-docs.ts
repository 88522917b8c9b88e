import { readFile, writeFile } from 'node:fs/promises';
import { type Findings, markdownOf } from './report.ts';

const [FROM, TO] = ['<!-- what the bench measured -->', '<!-- until here -->'];

/** Puts what was measured between the two marks of the page; the rest of it is written by people. */
export async function writeDocs(path: string, findings: Findings): Promise<void> {
  const page = await readFile(path, 'utf8');
  const [head = '', tail] = [page.split(FROM)[0], page.split(TO)[1]];
  if (tail === undefined) throw new Error(`docs/performance.md has no ${TO}`);
  const machine = `\`\`\`json\n${JSON.stringify(findings.machine, undefined, 2)}\n\`\`\``;
  await writeFile(path, `${head}${FROM}\n\n${markdownOf(findings)}\n\n${machine}\n\n${TO}${tail}`);
}
