import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { familyOf, type Process } from '@bijli/e2e/start-and-stop.processes';

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

/** USER_HZ: what /proc counts in, 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Seconds of a core that the parts of a started system have used so far: each service, `postgres`, `kafka` and `others`, with what they started and what of it has ended. */
export function coreSecondsByPart(dataFolder: string): Map<string, number> {
  const startPid = Number(readFileSync(join(dataFolder, 'start.pid'), 'utf8'));
  const parts = new Map<string, number>();
  for (const process of familyOf(startPid)) {
    const part = partOf(process);
    parts.set(part, (parts.get(part) ?? 0) + coreSecondsOfPid(process.pid));
  }
  return parts;
}

function partOf(process: Process): string {
  if (/^(\S*\/bin\/postgres|postgres:) /.test(process.command)) return 'postgres';
  if (/^\S*java /.test(process.command)) return 'kafka';
  return serviceOf(process) ?? 'others';
}

/** proc(5), /proc/pid/stat: utime, stime, cutime, cstime. The name in brackets may hold anything, so the fields are counted from its end. */
export function coreSecondsOfPid(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

/** What was used between two looks, by part. */
export function usedBetween(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): Map<string, number> {
  return new Map([...after].map(([part, seconds]) => [part, seconds - (before.get(part) ?? 0)]));
}

/** Seconds that the cores of the machine have worked, for whomever, and could have worked, since it was started (proc(5), /proc/stat). */
export function machineCoreSeconds(): { busy: number; all: number } {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = line
    .trim()
    .split(/\s+/)
    .slice(1)
    .map((ticks) => Number(ticks) / TICKS_PER_SECOND);
  const busy = user + nice + system + irq + softirq + steal;
  return { busy, all: busy + idle + iowait };
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
