import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type artifactUrl from 'mvn-artifact-url';
import { StartProblem } from '../problem.ts';

/** Required: Node and Jest read the default export of this CommonJS package differently. */
const { default: urlOfArtifact } = createRequire(import.meta.url)('mvn-artifact-url') as typeof artifactUrl;

const fetchTimeoutMs = 60_000;
const fetchTries = 4;
const firstPauseMs = 500;
const atOnce = 8;

type Jar = { readonly path: string; readonly sha256: string; readonly bytes: number };

/** Jars on this machine. */
export type Jars = {
  readonly folder: string;
  readonly classPath: string;
  readonly lockHash: string;
  readonly fetched: number;
};

/** Which jars: one "path sha256 bytes" a line; whose they are, and what else helps when one cannot be fetched, are for people. */
export type JarLock = { readonly file: string; readonly whose: string; readonly otherFix: string };

export const kafkaJars: JarLock = {
  file: join(import.meta.dirname, 'jars.lock'),
  whose: 'Kafka',
  otherFix: 'set KAFKA_BROKERS to brokers of your own',
};

/**
 * Brings pinned jars into a folder of their own: those that are there already stay, others come from a local Maven cache or
 * from the public Maven repository (MAVEN_REPOSITORY names a mirror). Nothing is used whose SHA-256 is not the pinned one.
 */
export async function bringJars(folder: string, jarLock: JarLock): Promise<Jars> {
  const lock = await readFile(jarLock.file, 'utf8');
  const jars = readLock(lock);
  await mkdir(folder, { recursive: true });
  const queue = jars.toSorted((left, right) => right.bytes - left.bytes);
  let fetched = 0;
  async function work(): Promise<void> {
    for (let jar = queue.shift(); jar; jar = queue.shift()) if (await bringJar(jar, folder, jarLock)) fetched += 1;
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  await removeOthers(folder, jars);
  // An explicit sorted list, not `*`: the class-data archive is valid for the identical class path only.
  const classPath = jars.map((jar) => join(folder, basename(jar.path))).join(':');
  return { folder, classPath, lockHash: sha256(Buffer.from(lock)).slice(0, 12), fetched };
}

function readLock(lock: string): Jar[] {
  return lock
    .trim()
    .split('\n')
    .map((line) => {
      const [path = '', hash = '', bytes = ''] = line.split(' ');
      return { path, sha256: hash, bytes: Number(bytes) };
    });
}

/** Answers whether the jar had to be fetched. */
async function bringJar(jar: Jar, folder: string, jarLock: JarLock): Promise<boolean> {
  const at = join(folder, basename(jar.path));
  if (isWhole(await readIfThere(at), jar)) return false;
  const cached = await readIfThere(join(homedir(), '.m2/repository', jar.path));
  const bytes = isWhole(cached, jar) ? cached : await fetchJar(jar, jarLock);
  const unfinished = `${at}.${process.pid}`;
  await writeFile(unfinished, bytes);
  await rename(unfinished, at);
  return true;
}

async function fetchJar(jar: Jar, jarLock: JarLock): Promise<Buffer> {
  const url = await artifactAddress(jar.path);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(fetchTimeoutMs) });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      const bytes = Buffer.from(await response.arrayBuffer());
      if (!isWhole(bytes, jar)) throw new Error('its SHA-256 is not the pinned one');
      return bytes;
    } catch (cause) {
      if (attempt === fetchTries) throw unreachable(jar, jarLock, cause);
      await new Promise((resolve) => setTimeout(resolve, firstPauseMs * 2 ** attempt));
    }
  }
}

/** The client knows the public repository's address, so none stands here. */
async function artifactAddress(path: string): Promise<string> {
  const folders = dirname(path).split('/');
  const version = folders.pop() ?? '';
  const artifactId = folders.pop() ?? '';
  const mirror = process.env['MAVEN_REPOSITORY']?.replace(/\/*$/, '/');
  return urlOfArtifact({ groupId: folders.join('.'), artifactId, version }, mirror);
}

function unreachable(jar: Jar, { whose, otherFix }: JarLock, cause: unknown): StartProblem {
  // fetch says only "fetch failed"; what failed is its cause.
  const deepest = cause instanceof Error ? (cause.cause ?? cause) : cause;
  const why = deepest instanceof Error ? deepest.message : String(deepest);
  const fix = `check the network, set MAVEN_REPOSITORY to a mirror, or ${otherFix}`;
  return new StartProblem(`${whose}'s ${basename(jar.path)} could not be fetched (${why}): ${fix}.`, { cause });
}

async function removeOthers(folder: string, jars: readonly Jar[]): Promise<void> {
  const wanted = new Set(jars.map((jar) => basename(jar.path)));
  for (const name of await readdir(folder)) {
    // another start may be writing a jar of its own process number just now
    if (name.endsWith('.jar') && !wanted.has(name)) await rm(join(folder, name), { force: true });
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(() => undefined);
}

function isWhole(bytes: Buffer | undefined, jar: Jar): bytes is Buffer {
  return bytes !== undefined && bytes.length === jar.bytes && sha256(bytes) === jar.sha256;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
