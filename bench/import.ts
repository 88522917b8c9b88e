// `npm run bench-import [-- runs]`: a district's 462,000 connections, from two CSV files to a notifier that could tell everybody in them.
// Goal G11: 60 s from the start of the command; the import itself 30 s; 300 MB a service. Each run is on a system of its own, started and at rest.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { makeDistrict } from './district.ts';
import { type OwnSystem, startOwnSystem } from './own-system.ts';
import { runImport } from './run-import.ts';
import { coreSecondsOf, machineCoreSeconds, servicesOf, watchMemory } from './processes.ts';

const connections = 462_000;
const goals = { sendableSeconds: 60, importSeconds: 30, rssMegabytes: 300 };
const basePort = 19_560;

type Run = {
  readonly sendableSeconds: number;
  readonly importSeconds: number;
  readonly rssMegabytes: Record<string, number>;
  /** Seconds that cores worked meanwhile: for the system, for everybody on the machine, and could have worked. */
  readonly coreSeconds: { own: number; everybody: number; possible: number };
  readonly loadBefore: number;
};

const wantedRuns = Number(process.argv[2] ?? 3);
const folder = await mkdtemp(join(tmpdir(), 'bijli-bench-'));
try {
  const files = makeDistrict(connections);
  await writeFile(join(folder, 'network.csv'), files.network);
  await writeFile(join(folder, 'connections.csv'), files.connections);
  const runs: Run[] = [];
  while (runs.length < wantedRuns) {
    const run = await measure();
    console.error(JSON.stringify(run));
    runs.push(run);
  }
  const result = report(runs);
  console.log(JSON.stringify(result, undefined, 2));
  process.exitCode = result.goals.every(({ met }) => met) ? 0 : 1;
} finally {
  await rm(folder, { recursive: true });
}

async function measure(): Promise<Run> {
  const system = await startOwnSystem(basePort);
  try {
    await untilItRests();
    const [loadBefore = 0] = loadavg();
    const [own, machine] = [coreSecondsOf(system.dataFolder), machineCoreSeconds()];
    const memory = watchMemory(servicesOf(system.dataFolder));
    const began = performance.now();
    const output = await runImport(basePort, folder);
    const sendableSeconds = (performance.now() - began) / 1_000;
    const after = machineCoreSeconds();
    await mustHaveArrived(system);
    return {
      sendableSeconds: Number(sendableSeconds.toFixed(1)),
      importSeconds: Number(/^connections\.csv: 462,000 rows: 462,000 new.* \(after ([\d.]+) s\)$/m.exec(output)?.[1]),
      rssMegabytes: Object.fromEntries([...memory.stop()].map(([name, most]) => [name, Math.round(most)])),
      coreSeconds: {
        own: Math.round(coreSecondsOf(system.dataFolder) - own),
        everybody: Math.round(after.busy - machine.busy),
        possible: Math.round(after.all - machine.all),
      },
      loadBefore,
    };
  } finally {
    await system.stop();
  }
}

/** What a start leaves to be done, the first clean-up of PostgreSQL for instance, is no part of an import. */
async function untilItRests(): Promise<void> {
  for (let rested = 0, last = machineCoreSeconds(); rested < 3; ) {
    await wait(1_000);
    const now = machineCoreSeconds();
    rested = now.busy - last.busy < 0.2 * (now.all - last.all) ? rested + 1 : 0;
    last = now;
  }
}

async function mustHaveArrived({ basePort: port }: OwnSystem): Promise<void> {
  const audience = (await (await fetch(`http://127.0.0.1:${port + 5}/v1/audience`)).json()) as { connections: number };
  if (audience.connections < connections) throw new Error(`the notifier knows of ${audience.connections} only`);
}

function report(runs: readonly Run[]) {
  const goal = (name: string, unit: string, target: number, values: readonly number[]) => {
    const sorted = values.toSorted((a, b) => a - b).map((value) => Number(value.toFixed(1)));
    const [min = NaN, median = NaN, max = NaN] = [sorted[0], sorted[(sorted.length - 1) >> 1], sorted.at(-1)];
    return { goal: name, median, min, max, target, unit, met: median <= target };
  };
  const rss = runs.map(({ rssMegabytes }) => Math.max(...Object.values(rssMegabytes)));
  return {
    goals: [
      goal(
        'G11',
        's',
        goals.sendableSeconds,
        runs.map((run) => run.sendableSeconds),
      ),
      goal(
        'G11: import alone',
        's',
        goals.importSeconds,
        runs.map((run) => run.importSeconds),
      ),
      goal('G11: largest service', 'MB', goals.rssMegabytes, rss),
    ],
    connections,
    runs,
    machine: { cores: cpus().length, model: cpus()[0]?.model },
  };
}
