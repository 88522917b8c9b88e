import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The oldest Java that runs Kafka 4. */
export const oldestJava = 17;

/** A Java runtime: the program and its full version text. */
export type Java = { readonly program: string; readonly version: string };

/** Finds the Java that JAVA_HOME or the PATH offers and that is new enough; null when there is none. */
export async function findJava(env: NodeJS.ProcessEnv): Promise<Java | null> {
  const home = env['JAVA_HOME'];
  for (const program of [...(home ? [join(home, 'bin/java')] : []), 'java']) {
    const java = await askJava(program);
    if (java && majorVersion(java.version) >= oldestJava) return java;
  }
  return null;
}

/** Asks a Java for its version; null when the program is missing or does not run. */
export async function askJava(program: string): Promise<Java | null> {
  try {
    const { stderr, stdout } = await promisify(execFile)(program, ['-version']);
    return { program, version: `${stderr}${stdout}`.trim() };
  } catch {
    return null;
  }
}

/** Reads the major version from what `java -version` prints: `"17.0.15"` is 17, the old `"1.8.0_402"` is 8. */
export function majorVersion(text: string): number {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  return Number(first === '1' ? second : first);
}
