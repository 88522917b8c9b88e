// `npm run bench-idle`, while `npm start` runs and nobody uses it: what each service costs. Goal: 1 % of a core and 200 MB.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rssMegabytesOf, servicesOf } from './processes.ts';

const dataFolder = process.env['BIJLI_DATA'] ?? join(import.meta.dirname, '../.data');
const sampleMs = 10_000;
const samples = 6;
/** USER_HZ: what /proc/pid/stat counts in, 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;
const goals = { cpuPercent: 1, rssMegabytes: 200 };

type Sample = { readonly cpuPercent: number; readonly rssMegabytes: number };

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function ticksOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

async function measure(pids: ReadonlyMap<string, number>): Promise<Map<string, Sample[]>> {
  const seen = new Map<string, Sample[]>([...pids.keys()].map((name) => [name, []]));
  for (let n = 0; n < samples; n += 1) {
    const before = new Map([...pids].map(([name, pid]) => [name, ticksOf(pid)]));
    const began = performance.now();
    await pause(sampleMs);
    const seconds = (performance.now() - began) / 1_000;
    for (const [name, pid] of pids) {
      const busySeconds = (ticksOf(pid) - (before.get(name) ?? 0)) / ticksPerSecond;
      seen.get(name)?.push({ cpuPercent: (100 * busySeconds) / seconds, rssMegabytes: rssMegabytesOf(pid) });
    }
  }
  return seen;
}

function spread(values: readonly number[]): { min: number; median: number; max: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => Number((sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(2));
  return { min: at(0), median: at(0.5), max: at(1) };
}

const measured = await measure(servicesOf(dataFolder));

const rows = [...measured].map(([service, seen]) => {
  const cpuPercent = spread(seen.map((sample) => sample.cpuPercent));
  const rssMegabytes = spread(seen.map((sample) => sample.rssMegabytes));
  const met = cpuPercent.median <= goals.cpuPercent && rssMegabytes.max <= goals.rssMegabytes;
  return { service, cpuPercent, rssMegabytes, met };
});
for (const { service, cpuPercent: cpu, rssMegabytes: rss, met } of rows) {
  console.log(
    `${service.padEnd(18)} CPU ${cpu.min} / ${cpu.median} / ${cpu.max} %   RSS ${rss.min} / ${rss.median} / ${rss.max} MB   ${met ? 'met' : 'NOT met'}`,
  );
}
console.log(JSON.stringify({ goals, samples, sampleMs, rows }));
process.exitCode = rows.length > 0 && rows.every(({ met }) => met) ? 0 : 1;
