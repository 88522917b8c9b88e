import { join } from 'node:path';
import { checkPorts } from './check-ports.ts';
import { checkSecrets } from './check-secrets.ts';
import { checkSettings } from './check-settings.ts';
import { checkSpace } from './check-space.ts';
import type { Claim } from './claim-data-folder.ts';
import { checkAddressees } from './check-addressees.ts';
import { databaseNames, makeDatabases } from './databases.ts';
import { forget } from './forget.ts';
import { loadTown, townIsLoaded } from './load-town.ts';
import { migrateAll } from './migrations.ts';
import type { Narrator } from './narrator.ts';
import { StartProblem } from './problem.ts';
import { openSecrets, type Secrets } from './secrets.ts';
import { provideJava, provideKafka, providePostgres } from './servers.ts';
import { address, launchOf, ownPrograms, type Prepared, type Program, servicePrograms } from './services.ts';
import type { StartSettings } from './settings.ts';
import type { Stages } from './stages.ts';
import { makeTopics } from './topics.ts';
import { waitForLink } from './wait-for-link.ts';
import { waitUntilReady } from './wait-until-ready.ts';

/** What the start needs from outside. */
export type BringUp = {
  readonly settings: StartSettings;
  readonly claim: Claim;
  readonly narrator: Narrator;
  readonly stages: Stages;
};

/** A service that did not come up, and why. It is tried again for as long as the start runs. */
export type Missing = { readonly name: string; readonly why: string };

/**
 * Brings the whole system up, one step after the other, and resolves when it is ready.
 * @param onLine gets each line of the notifier's log.
 * @returns the services that did not come up; the others are there all the same.
 */
export async function bringUp(
  { settings, claim, narrator, stages }: BringUp,
  onLine: (line: string) => void,
): Promise<readonly Missing[]> {
  const { dataFolder } = settings;
  checkAddressees(settings);
  checkSecrets(settings);
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
  await narrator.step('settings', () => checkSettings(servicePrograms(settings, notPreparedYet(secrets))));
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
  const run = (label: string, programs: readonly Program[]) =>
    startPrograms({ label, programs, narrator, stages, onLine });
  allOrNothing(await run('schema endpoint and trace sink', ownPrograms(settings)));
  const services = servicePrograms(settings, { urls, brokers, secrets });
  const missing = await run('services', services);
  if (missing.length === services.length) allOrNothing(missing);
  await finish(settings, narrator, new Set(missing.map(({ name }) => name)));
  return missing;
}

/** What can only be done with the services that came up. */
async function finish(settings: StartSettings, narrator: Narrator, missing: ReadonlySet<string>): Promise<void> {
  if (!missing.has('notifier'))
    await narrator.step('link to the SMSC', () => waitForLink(address(settings, 'notifier', '')), String);
  if (!settings.withTown || townIsLoaded(settings.dataFolder)) return;
  if (!missing.has('consumer-registry') && !missing.has('notifier')) await bringTown(settings, narrator);
  else narrator.say('  the town waits for the next start: it needs consumer-registry and notifier');
}

/** Stands for databases and brokers while the other settings are judged. */
function notPreparedYet(secrets: Secrets): Prepared {
  const nowhere = 'postgres://nobody@127.0.0.1:1/none';
  const urls = Object.fromEntries(databaseNames.map((name) => [name, { owner: nowhere, app: nowhere }]));
  return { urls: urls as Prepared['urls'], brokers: '127.0.0.1:1', secrets };
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

type Started = {
  readonly label: string;
  readonly programs: readonly Program[];
  readonly narrator: Narrator;
  readonly stages: Stages;
  readonly onLine: (line: string) => void;
};

/** Starts programs together, waits for each, and names those that did not come up. */
async function startPrograms({ label, programs, narrator, stages, onLine }: Started): Promise<Missing[]> {
  const members = programs.map((program) => ({
    name: program.name,
    launch: launchOf(program),
    readyAt: program.readyAt,
    ...(program.name === 'notifier' ? { onLine } : {}),
  }));
  const readyAt = new Map<string, string>(programs.map((program) => [program.name, program.readyAt]));
  async function startAndWait(): Promise<Missing[]> {
    const started = await stages.start(label, members);
    const waits = started.map(async (supervision) => {
      const why = await waitUntilReady(supervision, readyAt.get(supervision.name) ?? '');
      return why === null ? [] : [{ name: supervision.name, why }];
    });
    return (await Promise.all(waits)).flat();
  }
  return await narrator.step(label, startAndWait, (missing) => {
    const up = programs.map(({ name }) => name).filter((name) => missing.every((other) => other.name !== name));
    return [up.join(', '), ...missing.map(({ name }) => `without ${name}`)].join(', ');
  });
}

/** @throws StartProblem where something is missing without which nothing makes sense. */
function allOrNothing(missing: readonly Missing[]): void {
  const [first] = missing;
  if (first !== undefined) throw new StartProblem(missing.map(({ name, why }) => `${name}: ${why}`).join('\n'));
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
