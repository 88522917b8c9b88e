import { join } from 'node:path';
import { checkPorts } from './check-ports.ts';
import { checkSpace } from './check-space.ts';
import type { Claim } from './claim-data-folder.ts';
import { checkAddressees } from './check-addressees.ts';
import { makeDatabases } from './databases.ts';
import { forget } from './forget.ts';
import { loadTown, townIsLoaded } from './load-town.ts';
import { migrateAll } from './migrations.ts';
import type { Narrator } from './narrator.ts';
import { openSecrets } from './secrets.ts';
import { provideJava, provideKafka, providePostgres } from './servers.ts';
import { address, launchOf, ownPrograms, type Program, servicePrograms } from './services.ts';
import type { StartSettings } from './settings.ts';
import type { Stages } from './stages.ts';
import { makeTopics } from './topics.ts';
import { waitUntilReady } from './wait-until-ready.ts';

/** Brings the whole system up, one step after the other, and resolves when it is ready. */
export async function bringUp(
  settings: StartSettings,
  claim: Claim,
  narrator: Narrator,
  stages: Stages,
): Promise<void> {
  const { dataFolder } = settings;
  checkAddressees(settings);
  await narrator.step(
    'disk',
    () => checkSpace(dataFolder),
    (bytes) => `${Math.floor(bytes / 1e9)} GB free`,
  );
  await narrator.step(
    'ports',
    () => checkPorts(portsInUse(settings), settings.basePort, claim.afterKill),
    () => `free from ${settings.basePort + 1}`,
  );
  const java = await provideJava(settings, narrator);
  if (settings.fresh) await narrator.step('forgetting what was kept', () => forget(dataFolder));
  const secrets = await openSecrets(join(dataFolder, 'secrets'));
  const administratorUrl = await providePostgres(settings, secrets, narrator, stages);
  const brokers = await provideKafka(settings, java, narrator, stages);
  const { warnings } = await narrator.step(
    'topics',
    () => makeTopics(brokers),
    ({ count }) => String(count),
  );
  for (const warning of warnings) narrator.say(`    ${warning}`);
  const urls = await narrator.step(
    'databases and roles',
    () => makeDatabases(administratorUrl, secrets),
    (made) => String(Object.keys(made).length),
  );
  await narrator.step(
    'migrations',
    () => migrateAll(urls),
    (applied) => `${applied} applied`,
  );
  await startPrograms('schema endpoint and trace sink', ownPrograms(settings), narrator, stages);
  await startPrograms('services', servicePrograms(settings, { urls, brokers, secrets }), narrator, stages);
  if (settings.withTown && !townIsLoaded(dataFolder)) await bringTown(settings, narrator);
}

/** What the user brings of their own listens elsewhere, or there as it should. */
function portsInUse({ ports, databaseUrl, kafkaBrokers, ownSmsc }: StartSettings): Partial<StartSettings['ports']> {
  const { postgres, kafka, 'kafka-controller': controller, 'sms-simulator': simulator, smpp, ...always } = ports;
  return {
    ...always,
    ...(ownSmsc ? {} : { 'sms-simulator': simulator, smpp }),
    ...(databaseUrl ? {} : { postgres }),
    ...(kafkaBrokers ? {} : { kafka, 'kafka-controller': controller }),
  };
}

async function startPrograms(
  label: string,
  programs: readonly Program[],
  narrator: Narrator,
  stages: Stages,
): Promise<void> {
  const members = programs.map((program) => ({ name: program.name, launch: launchOf(program) }));
  const readyAt = new Map<string, string>(programs.map((program) => [program.name, program.readyAt]));
  async function startAndWait(): Promise<void> {
    const started = await stages.start(label, members);
    await Promise.all(started.map((supervision) => waitUntilReady(supervision, readyAt.get(supervision.name) ?? '')));
  }
  await narrator.step(label, startAndWait, () => programs.map(({ name }) => name).join(', '));
}

async function bringTown(settings: StartSettings, narrator: Narrator): Promise<void> {
  const { dataFolder } = settings;
  const registry = address(settings, 'consumer-registry', '');
  const notifier = address(settings, 'notifier', '');
  await narrator.step(
    'a town to try things on',
    () => loadTown({ dataFolder, registry, notifier }),
    ({ connections, reachable }) => `${connections} connections, ${reachable} with a number that can be told`,
  );
}
