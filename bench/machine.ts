import { cpus, loadavg, totalmem } from 'node:os';
import type { BenchOptions } from './options.ts';
import { coreSecondsOfPid, machineCoreSeconds } from './processes.ts';
import { frozenHashes } from './sink.ts';

/** Above this share of the cores, others on the machine disturb what is measured. */
const QUIET = 0.05;

/** What is told of the machine, and of how the bench was run on it. */
export type MachineTold = Awaited<ReturnType<ReturnType<typeof tellMachine>['tell']>>;

/** Begins to watch the machine; `tell`, after all that the bench started has ended, says what it is and how much of it others used meanwhile. */
export function tellMachine({ isFull, connections, rounds }: BenchOptions) {
  const [load = NaN] = loadavg();
  const before = machineCoreSeconds();
  return {
    tell: async () => {
      const after = machineCoreSeconds();
      const [busy, all] = [after.busy - before.busy, after.all - before.all];
      // Of processes that have ended, too: they are counted with whoever waited for them.
      const usedByOthers = Math.max(0, busy - coreSecondsOfPid(process.pid)) / all;
      return {
        ...{ cores: cpus().length, model: cpus()[0]?.model, memoryGigabytes: Math.round(totalmem() / 2 ** 30) },
        ...{ node: process.version, measuredAt: new Date().toISOString(), form: isFull ? 'full' : 'quick' },
        ...{ connections, rounds, loadBefore: load, busyShare: rounded(busy / all) },
        ...{
          usedByOthers: rounded(usedByOthers),
          isQuiet: usedByOthers <= QUIET,
          frozenPrograms: await frozenHashes(),
        },
      };
    },
  };
}

function rounded(share: number): number {
  return Number(share.toFixed(3));
}
