import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, test } from '@jest/globals';
import { bringJars, kafkaJars } from '../kafka/jars.ts';
import { repository } from '../settings.ts';

const home = process.env['JAVA_HOME'];
const java = home ? join(home, 'bin/java') : 'java';

/** Describes tests that need it; where it cannot run they are reported as skipped, with the reason in their name. */
export function describeWithForeignProducer(name: string, tests: () => void): void {
  const missing = missingHere();
  if (missing === null) return describe(name, tests);
  console.warn(`SKIPPED: ${name}: ${missing}`);
  // Jest wants a test to skip: it is counted and named in the summary.
  describe.skip(`${name} (skipped: ${missing})`, () => test('runs', () => {}));
}

/** Why it cannot run here; null when it can. While tests are declared nothing can be waited for. */
function missingHere(): string | null {
  const { status, stdout } = spawnSync(java, ['--list-modules'], { encoding: 'utf8' });
  if (status !== 0) return 'no Java here';
  return /^jdk\.compiler@/m.test(stdout) ? null : 'the Java here is a runtime without compiler';
}

export type ForeignRecord = { readonly topic: string; readonly key: string; readonly value: Buffer };

/** Writes records with Apache Kafka's own producer, packed by a codec; resolves when the broker has them. */
export async function produceForeign(brokers: string, codec: string, records: readonly ForeignRecord[]): Promise<void> {
  const { classPath } = await bringJars(join(repository, '.cache/kafka-jars'), kafkaJars);
  const program = join(import.meta.dirname, 'ForeignProducer.java');
  const producer = spawn(java, ['-cp', classPath, program, brokers, codec], { stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  producer.stderr.on('data', (chunk: Buffer) => (said += String(chunk)));
  producer.stdin.end(records.map(({ topic, key, value }) => `${topic} ${key} ${value.toString('hex')}\n`).join(''));
  const [code] = (await once(producer, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`the foreign producer ended with ${code}:\n${said}`);
}
