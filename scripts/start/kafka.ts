import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type GuardedProcess, spawnGuarded } from './guarded-process.ts';
import type { Java } from './java.ts';
import { bringJars, type Jars, kafkaJars } from './kafka/jars.ts';
import { watchForLine } from './wait-for-line.ts';

const readyWithinMs = 60_000;
const heap = '-Xmx256m';
const quickStart = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
const abandonedAfterMs = 60_000;

/** Where and how to run Kafka. */
export type KafkaOptions = {
  readonly java: Java;
  /** The broker's own folder: settings and data. Made when missing. */
  readonly folder: string;
  readonly port: number;
  readonly controllerPort: number;
  /** The port by which clients are told to come, where something stands between: the same unless told. */
  readonly advertisedPort?: number;
  /** Where the jars and the class-data archive are kept for every start of this repository. */
  readonly cacheFolder: string;
  readonly onOutput?: (text: string) => void;
};

/** A Kafka that serves. */
export type RunningKafka = { readonly process: GuardedProcess; readonly brokers: string };

/** Starts a real Apache Kafka broker (KRaft, one node) on 127.0.0.1, formatting its data folder first when there is none. */
export async function startKafka(options: KafkaOptions): Promise<RunningKafka> {
  const jars = await bringJars(join(options.cacheFolder, 'kafka-jars'), kafkaJars);
  await writeSettings(options);
  if (!existsSync(join(options.folder, 'data/meta.properties'))) await format(options, jars);
  const archive = await classDataArchive(options, jars);
  const ready = watchForLine('Kafka', 'Kafka Server started', readyWithinMs);
  const process = await spawnGuarded({
    command: options.java.program,
    args: [heap, '-Xms64m', ...archive.args, ...javaArguments(jars), 'kafka.Kafka', 'server.properties'],
    cwd: options.folder,
    env: environment,
    stopSignal: 'TERM',
    lastSignal: 'KILL',
    stopWithinSeconds: 20, // the first stop writes the archive
    onOutput(text) {
      ready.see(text);
      options.onOutput?.(text);
    },
  });
  void process.ended.then(archive.keep);
  await ready.wait(process);
  return { process, brokers: `127.0.0.1:${options.port}` };
}

// JAVA_TOOL_OPTIONS and the like are meant for the user's own programs.
const environment = { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', TZ: 'UTC' };

function javaArguments(jars: Jars): string[] {
  return ['-Dlog4j2.configurationFile=log4j2.yaml', ...quickStart, '-cp', jars.classPath];
}

async function writeSettings({ folder, port, controllerPort, advertisedPort = port }: KafkaOptions): Promise<void> {
  const ours = join(import.meta.dirname, 'kafka');
  await mkdir(folder, { recursive: true });
  const settings = (await readFile(join(ours, 'server.properties'), 'utf8'))
    .replaceAll('@PORT@', String(port))
    .replaceAll('@ADVERTISED_PORT@', String(advertisedPort))
    .replaceAll('@CONTROLLER_PORT@', String(controllerPort));
  await writeFile(join(folder, 'server.properties'), settings);
  await copyFile(join(ours, 'log4j2.yaml'), join(folder, 'log4j2.yaml'));
}

async function format({ java, folder }: KafkaOptions, jars: Jars): Promise<void> {
  await rm(join(folder, 'data'), { recursive: true, force: true }); // of a first start that was cut short
  const clusterId = randomBytes(16).toString('base64url'); // may begin with a dash, hence the equals sign
  const command = [
    'kafka.tools.StorageTool',
    'format',
    '--standalone',
    `--cluster-id=${clusterId}`,
    '-c',
    'server.properties',
  ];
  await promisify(execFile)(java.program, ['-Xmx128m', ...javaArguments(jars), ...command], {
    cwd: folder,
    env: environment,
  });
}

/**
 * Java starts Kafka in a third of the time from an archive of its loaded classes, which a first broker writes when it stops.
 * Each writes its own file, which takes the agreed name only when it is whole.
 */
async function classDataArchive(
  { java, cacheFolder }: KafkaOptions,
  jars: Jars,
): Promise<{ args: string[]; keep: () => Promise<void> }> {
  const key = createHash('sha256')
    .update(java.version)
    .update(jars.classPath)
    .update(jars.lockHash)
    .digest('hex')
    .slice(0, 12);
  const archive = join(cacheFolder, `kafka-${key}.jsa`);
  if (existsSync(archive)) {
    const silent = ['-Xshare:auto', '-Xlog:cds=off', '-Xlog:cds+dynamic=off'];
    return { args: [`-XX:SharedArchiveFile=${archive}`, ...silent], keep: async () => {} };
  }
  await removeAbandoned(cacheFolder);
  const unfinished = `${archive}.${process.pid}`;
  return {
    args: [`-XX:ArchiveClassesAtExit=${unfinished}`, '-Xlog:cds=off', '-Xlog:cds+dynamic=off'],
    keep: () => rename(unfinished, archive).catch(() => {}), // none was written when it was killed
  };
}

/** Removes archives whose launcher was killed before it could name them. */
async function removeAbandoned(cacheFolder: string): Promise<void> {
  for (const name of await readdir(cacheFolder)) {
    if (!/\.jsa\.\d+$/.test(name)) continue;
    const path = join(cacheFolder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > abandonedAfterMs) await rm(path, { force: true });
  }
}
