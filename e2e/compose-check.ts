// `npm run compose-check`, where a container engine runs: builds the image and plays docker-compose.yml from an empty machine to delivered
// texts, through restarts of every service while a town is told, and through `down` and `up`. One line a step; ends with 1 when one fails.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at, compose } from './compose/docker-compose.ts';
import { downAndUp } from './compose/keep.ts';
import { buildImage, checkContainment, measureMemory } from './compose/look-at-containers.ts';
import { compareRegistry } from './compose/registry.ts';
import { restartWhileTelling, type Scene, tellFeeder } from './compose/tell.ts';
import { simulatorLog } from './compose/told.ts';
import { readCsv } from './independent/csv.ts';

const scene: Scene = { network: [], connections: [], log: simulatorLog(at('sms-simulator')) };

const steps: readonly (readonly [string, () => Promise<string>])[] = [
  ['build the image', buildImage],
  ['up from nothing', up],
  ['least rights', checkContainment],
  ['bring in a town', bringTown],
  ['tell a feeder', () => tellFeeder(scene, 'F-1101')],
  ['restart every service while a town is told', () => restartWhileTelling(scene)],
  ['down and up', downAndUp],
  ['tell another feeder', () => tellFeeder(scene, 'F-1203')],
  ['a whole registry', compareRegistry],
  ['memory in use', measureMemory],
];

async function up(): Promise<string> {
  await compose('up', '--detach', '--wait');
  return (await compose('ps', '--services')).split('\n').toSorted().join(', ');
}

async function bringTown(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'bijli-town-'));
  chmodSync(folder, 0o777); // the container's user is not ours
  try {
    const said = await compose('run', '--rm', '--volume', `${folder}:/data`, '--env', 'BIJLI_DATA=/data', 'town');
    const read = (name: string) => readCsv(join(folder, 'town', name));
    Object.assign(scene, { network: read('network.csv'), connections: read('connections.csv') });
    return said.split('\n').at(-1) ?? '';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const forget = () => compose('--profile', '*', 'down', '--volumes');

await forget(); // what a check that was cut short left
try {
  for (const [name, step] of steps) {
    const began = performance.now();
    const figures = await step();
    console.log(`ok   ${name} (${((performance.now() - began) / 1_000).toFixed(1)} s): ${figures}`);
  }
} catch (fault) {
  console.log(`FAIL ${fault instanceof Error ? fault.message : String(fault)}`);
  console.log(await compose('logs', '--tail', '20'));
  process.exitCode = 1;
} finally {
  await forget();
}
