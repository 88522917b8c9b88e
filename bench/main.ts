// `npm run bench [-- --full] [-- --only G1,G6]`: measures the goals of the fan-out (docs/performance.md) on a system that it starts itself.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Figure, reasonOf } from './figures.ts';
import { measures } from './goals/all.ts';
import { tellMachine } from './machine.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { tellSettings } from './postgres.ts';
import { besideTable, budgetTable, type Findings, jsonOf, tableOf } from './report.ts';
import { type Bench, openBench } from './test-bed.ts';
import { writeDocs } from './write-docs.ts';

const QUICK =
  'quick form: a small district and few rounds. What needs a whole district is measured and not judged, and what a text costs is told of few; npm run bench -- --full judges it.';

const options = readOptions(process.argv.slice(2));
const findings = await run(options);
if (!options.isFull) console.log(QUICK);
console.log(tableOf(findings));
if (findings.budget.length > 0) console.log(budgetTable(findings.budget));
for (const table of findings.tables) console.log(besideTable(table));
console.log(JSON.stringify(findings.machine, undefined, 2));
if (options.jsonFile !== null) await writeFile(options.jsonFile, jsonOf(findings));
if (options.writesDocs) await writeDocs(join(import.meta.dirname, '../docs/performance.md'), findings);
process.exitCode = findings.missing.length === 0 && findings.figures.every(({ met }) => met !== false) ? 0 : 1;

async function run(wanted: BenchOptions): Promise<Findings> {
  const machine = tellMachine(wanted);
  const bench = openBench(wanted);
  const figures: Figure[] = [];
  let postgres: Record<string, string> | null = null;
  try {
    for (const [goal, measure] of measures) {
      if (!wanted.goals.includes(goal)) continue;
      const began = performance.now();
      try {
        figures.push(...(await measure(bench)));
      } catch (error) {
        bench.missing.push({ goal, why: reasonOf(error) });
        console.error(error);
        await endWhatStands(bench);
      }
      console.error(`${goal} took ${((performance.now() - began) / 1_000).toFixed(0)} s`);
    }
    postgres = await settingsOf(bench);
  } finally {
    await bench.close();
  }
  const { missing, budget, tables, details } = bench;
  return { figures, missing, budget, tables, details, machine: { ...(await machine.tell()), postgres } };
}

/** What a failed goal left is not the next one's; where it cannot be ended the next ones are measured all the same. */
async function endWhatStands(bench: Bench): Promise<void> {
  try {
    if (bench.isStarted()) await (await bench.bed()).control.endAll();
  } catch (error) {
    console.error('what a goal left stands still, the next figures may say so', error);
  }
}

async function settingsOf(bench: Bench): Promise<Record<string, string> | null> {
  try {
    return bench.isStarted() ? await tellSettings((await bench.bed()).admin) : null;
  } catch (error) {
    console.error('the settings of PostgreSQL could not be read', error);
    return null;
  }
}
