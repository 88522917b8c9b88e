import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { familyOf, type Process } from '../e2e/start-and-stop.processes.ts';

/** The services of a started system, by name, with their process ids; the shells that guard them only wait. */
export function servicesOf(dataFolder: string): Map<string, number> {
  const startPid = Number(readFileSync(join(dataFolder, 'start.pid'), 'utf8'));
  return new Map(
    familyOf(startPid).flatMap((process) => {
      const name = serviceOf(process);
      return name === undefined ? [] : [[name, process.pid] as const];
    }),
  );
}

const serviceOf = ({ command }: Process): string | undefined =>
  /^\S*node .*services\/([a-z-]+)\/src\/main\.ts$/.exec(command)?.[1];

/** Memory that a process has now, in megabytes of 1,048,576 octets; 0 when it is gone. */
export function rssMegabytesOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}

const SAMPLE_EVERY_MS = 250;

/** Watches how much memory the services take; `stop` gives the most that each had. */
export function watchMemory(pids: ReadonlyMap<string, number>): { stop(): Map<string, number> } {
  const most = new Map<string, number>();
  const sample = () => {
    for (const [name, pid] of pids) most.set(name, Math.max(most.get(name) ?? 0, rssMegabytesOf(pid)));
  };
  const timer = setInterval(sample, SAMPLE_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      sample();
      return most;
    },
  };
}
