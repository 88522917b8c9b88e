import { randomFrom } from '@bijli/start/town/random';
import { call } from '../started-system.ts';
import type { FaultCase, Seen } from './fault-case.ts';
import { restoreEverything } from './restore.ts';
import { behave, untilServes } from './story.ts';
import { type FaultSystem, services, startFaultSystem } from './system.ts';

/** What a fault did, and the promise that it was held against. */
export type Result = Seen & { readonly fault: string; readonly promise: string; readonly seconds: number };

/** What is played, and who hears how it went. */
export type Playing = {
  readonly cases: readonly FaultCase[];
  readonly basePort: number;
  readonly seed: number;
  readonly onResult: (result: Result) => void;
};

/** Plays cases one after the other. One system serves them all; after a case that could not be brought to its end the next has a new one. */
export async function playFaults({ cases, basePort, seed, onResult }: Playing): Promise<Result[]> {
  const results: Result[] = [];
  let system: FaultSystem | undefined;
  try {
    for (const one of cases) {
      system ??= await startFaultSystem(basePort);
      const result = await playOne(one, system, seed);
      results.push(result);
      onResult(result);
      const isWell = await makeWell(system);
      if (isWell) continue;
      await system.stop();
      system = undefined;
    }
  } finally {
    await system?.stop();
  }
  return results;
}

async function playOne({ name, promise, play }: FaultCase, system: FaultSystem, seed: number): Promise<Result> {
  const began = performance.now();
  const result = (seen: Seen): Result => {
    const seconds = Math.round((performance.now() - began) / 1_000);
    return { fault: name, promise, ...seen, seconds };
  };
  try {
    return result(await play(system, randomFrom(seed)));
  } catch (fault) {
    return result({ seen: `not brought to its end: ${String(fault)}`, met: false });
  }
}

/** A case that failed may have left all sending stopped. */
const GOES_ON = { isStopped: false, reason: 'fault test', changedBy: 'faults' };

/** Takes back what a case did to the system's surroundings, and ends what it left open. @returns whether it is as it was. */
async function makeWell(system: FaultSystem): Promise<boolean> {
  try {
    for (const proxy of Object.values(system.proxies)) await proxy.be({ is: 'clear' });
    await behave(system, {});
    for (const name of services) await untilServes(system, name);
    await call('PUT', `${system.urlOf('notifier')}/v1/sending`, GOES_ON);
    await restoreEverything(system);
    return true;
  } catch {
    return false;
  }
}
