// `npm run bench [-- --full] [-- --only G1,G6]`: measures the goals of the fan-out (docs/performance.md) on a system that it starts itself.
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Figure } from './figures.ts';
import { measures } from './goals/all.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { tellSettings } from './postgres.ts';
import { machineCoreSeconds } from './processes.ts';
import { type Findings, jsonOf, tableOf } from './report.ts';
import { frozenHashes } from './sink.ts';
import { openBench } from './test-bed.ts';
import { writeDocs } from './write-docs.ts';

const QUICK =
  'quick form: a small district and few rounds. What needs a whole district is measured and not judged; npm run bench -- --full judges it.';

const options = readOptions(process.argv.slice(2));
const findings = await run(options);
if (!options.isFull) console.log(QUICK);
console.log(tableOf(findings));
for (const [name, lines] of Object.entries(findings.details))
  if (name === 'budget' || name === 'peers') console.log(`${name}: ${JSON.stringify(lines, undefined, 2)}`);
console.log(JSON.stringify(findings.machine, undefined, 2));
if (options.jsonFile !== null) await writeFile(options.jsonFile, jsonOf(findings));
if (options.writesDocs) await writeDocs(join(import.meta.dirname, '../docs/performance.md'), findings);
process.exitCode = findings.missing.length === 0 && findings.figures.every(({ met }) => met !== false) ? 0 : 1;

async function run(wanted: BenchOptions): Promise<Findings> {
  const bench = openBench(wanted);
  const figures: Figure[] = [];
  const before = { load: loadavg()[0], cores: machineCoreSeconds() };
  let settings: Record<string, string> | null = null;
  try {
    for (const goal of wanted.goals.filter((name) => !measures.some(([known]) => known === name)))
      bench.missing.push({ goal, why: 'the bench has no program for it yet' });
    for (const [goal, measure] of measures) {
      if (!wanted.goals.includes(goal)) continue;
      const began = performance.now();
      try {
        figures.push(...(await measure(bench)));
      } catch (error) {
        bench.missing.push({ goal, why: error instanceof Error ? error.message : String(error) });
        console.error(error);
        if (bench.isStarted()) await (await bench.bed()).control.endAll();
      }
      console.error(`${goal} took ${((performance.now() - began) / 1_000).toFixed(0)} s`);
    }
    if (bench.isStarted()) settings = await tellSettings((await bench.bed()).admin);
  } finally {
    await bench.close();
  }
  const after = machineCoreSeconds();
  const machine = {
    ...{ cores: cpus().length, model: cpus()[0]?.model, memoryGigabytes: Math.round(totalmem() / 2 ** 30) },
    ...{ node: process.version, measuredAt: new Date().toISOString(), form: wanted.isFull ? 'full' : 'quick' },
    ...{ connections: wanted.connections, rounds: wanted.rounds, loadBefore: before.load },
    busyShare: (after.busy - before.cores.busy) / (after.all - before.cores.all),
    ...{ frozenPrograms: await frozenHashes(), postgres: settings },
  };
  const inOrder = figures.toSorted((one, other) => numberOf(one.goal) - numberOf(other.goal));
  return { figures: inOrder, missing: bench.missing, machine, details: bench.details };
}

function numberOf(goal: string): number {
  return Number(goal.slice(1));
}
