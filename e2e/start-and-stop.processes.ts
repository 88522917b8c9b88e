import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process as /proc shows it. A number is used again one day, number and start time together never. */
export type Process = {
  readonly pid: number;
  readonly parent: number;
  readonly startedAt: string;
  readonly command: string;
};

/** Lists every process that runs; one that has ended and waits to be collected does not. */
function runningProcesses(): Process[] {
  return readdirSync('/proc').flatMap((name) => {
    const process = /^\d+$/.test(name) ? readProcess(Number(name)) : undefined;
    return process ? [process] : [];
  });
}

function readProcess(pid: number): Process | undefined {
  try {
    // proc(5), /proc/pid/stat: the name in brackets may hold anything, so the fields are counted from its end.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const [state, parent] = fields;
    if (state === 'Z') return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, parent: Number(parent), startedAt: fields[19] ?? '', command };
  } catch {
    return undefined; // it ended while we looked
  }
}

/** Lists a process and everything below it. */
export function familyOf(pid: number): Process[] {
  const all = runningProcesses();
  const family = all.filter((process) => process.pid === pid);
  for (const member of family) family.push(...all.filter(({ parent }) => parent === member.pid));
  return family;
}

/** Of processes seen earlier, those that run still. */
export function stillRunning(seen: readonly Process[]): Process[] {
  const now = new Set(runningProcesses().map(({ pid, startedAt }) => `${pid} ${startedAt}`));
  return seen.filter(({ pid, startedAt }) => now.has(`${pid} ${startedAt}`));
}

/** Lists the ports from `first` to `last` that somebody listens on. */
export function listeningPorts(first: number, last: number): number[] {
  const listening = '0A'; // the state's number in /proc/net/tcp
  const lines = ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8').trim().split('\n').slice(1),
  );
  const ports = lines.flatMap((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    return state === listening ? [Number.parseInt(local.split(':').at(-1) ?? '', 16)] : [];
  });
  return [...new Set(ports)].filter((port) => port >= first && port <= last).toSorted((left, right) => left - right);
}

/** Finds a BIJLI_PORT above which nobody listens, so that two runs on one machine do not meet. */
export function freeBasePort(): number {
  const [lowest, highest] = [21_000, 31_000]; // below the ports that connections going out take
  for (;;) {
    const base = lowest + Math.floor(Math.random() * (highest - lowest));
    if (listeningPorts(base, base + 12).length === 0) return base;
  }
}

/** Says where a process runs. */
export function folderOf(pid: number): string {
  return readlinkSync(`/proc/${pid}/cwd`);
}
