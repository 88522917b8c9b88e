import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartProblem } from './problem.ts';
import { makeTown, townCsv } from './town.ts';

const pauseMs = 100;
const audienceWithinMs = 120_000;

/** Where the town goes and where it can be seen to have arrived. */
export type TownOptions = { readonly dataFolder: string; readonly registry: string; readonly notifier: string };

/** What the notifier knows about whom it can tell. */
export type Audience = { readonly connections: number; readonly contacts: number; readonly reachable: number };

/** Says whether an earlier start has brought the town in. */
export function townIsLoaded(dataFolder: string): boolean {
  return existsSync(marker(dataFolder));
}

/**
 * Writes the town's files, imports them through the registry as a utility would, and waits until the notifier has heard of everybody.
 * A start that was cut short does it again: the imports are idempotent.
 */
export async function loadTown({ dataFolder, registry, notifier }: TownOptions): Promise<Audience> {
  const town = makeTown();
  const files = townCsv(town);
  const folder = join(dataFolder, 'town');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'network.csv'), files.network);
  await writeFile(join(folder, 'connections.csv'), files.connections);
  await post(`${registry}/v1/network-imports`, files.network);
  await post(`${registry}/v1/connection-imports`, files.connections);
  const audience = await waitForAudience(`${notifier}/v1/audience`, town.connections.length);
  await writeFile(marker(dataFolder), '');
  return audience;
}

const marker = (dataFolder: string): string => join(dataFolder, 'town/loaded');

async function post(url: string, csv: string): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'text/csv' }, body: csv });
  if (response.ok) return;
  throw new StartProblem(`The town could not be imported: ${url} answered ${response.status} ${await response.text()}`);
}

async function waitForAudience(url: string, connections: number): Promise<Audience> {
  const deadline = performance.now() + audienceWithinMs;
  let audience: Audience = { connections: 0, contacts: 0, reachable: 0 };
  while (audience.connections < connections) {
    if (performance.now() > deadline) {
      throw new StartProblem(
        `The notifier heard of ${audience.connections} of ${connections} connections only: .data/logs says why.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    audience = await readAudience(url).catch(() => audience); // a service that was restarted answers soon
  }
  return audience;
}

async function readAudience(url: string): Promise<Audience> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as Audience;
}
