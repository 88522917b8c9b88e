import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type KafkaConnection, openKafka } from '@bijli/kafka';
import type { Identity } from '@bijli/testing';
import { type GuardedProcess, spawnGuarded } from '@bijli/start/guarded-process';
import { findJava } from '@bijli/start/java';
import { bringJars, kafkaJars } from '@bijli/start/kafka/jars';
import { watchForLine } from '@bijli/start/wait-for-line';

const repository = join(import.meta.dirname, '../../..');
const settings = join(repository, 'scripts/start/kafka');
const readyWithinMs = 60_000;
const silent = (): void => undefined;

/** A broker as the overlay asks for one: TLS and SCRAM on the services' listener, and nobody may what no rule allows. */
export type SecuredKafka = {
  readonly process: GuardedProcess;
  readonly brokers: string;
  readonly administrator: KafkaConnection;
};

/** @param passwords of the users by their name. @param ports of the services' listener, of our own and of the controller. */
export async function startSecuredKafka(
  folder: string,
  identity: Identity,
  { passwords, ports }: { passwords: ReadonlyMap<string, string>; ports: readonly number[] },
): Promise<SecuredKafka> {
  const java = await findJava(process.env);
  if (!java) throw new Error('Kafka needs Java');
  const jars = await bringJars(join(repository, '.cache/kafka-jars'), kafkaJars);
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(settings, 'log4j2.yaml'), join(folder, 'log4j2.yaml'));
  writeFileSync(join(folder, 'node.pem'), identity.key + identity.cert, { mode: 0o600 });
  writeFileSync(join(folder, 'server.properties'), propertiesOf(ports));
  const program = [
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    '-Dlog4j2.configurationFile=log4j2.yaml',
    '-cp',
    jars.classPath,
  ];
  const users = [...passwords].map(
    ([name, password]) => `--add-scram=SCRAM-SHA-512=[name=${name},password=${password}]`,
  );
  const format = [
    'kafka.tools.StorageTool',
    'format',
    '--standalone',
    '-t',
    'CV71n6Lyf_CjfQIcN0vKtQ',
    '-c',
    'server.properties',
  ];
  await promisify(execFile)(java.program, [...program, ...format, ...users], { cwd: folder });

  const ready = watchForLine('Kafka', 'Kafka Server started', readyWithinMs);
  const broker = await spawnGuarded({
    command: java.program,
    args: ['-Xmx256m', ...program, 'kafka.Kafka', 'server.properties'],
    cwd: folder,
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    stopSignal: 'TERM',
    lastSignal: 'KILL',
    stopWithinSeconds: 10,
    onOutput: ready.see,
  });
  await ready.wait(broker);
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const administrator = openKafka({ clientId: 'operator', brokers: [`127.0.0.1:${ports[1]}`], log });
  return { process: broker, brokers: `127.0.0.1:${ports[0]}`, administrator };
}

/** What the start command's broker has, and after it what makes the difference: the last line about a name counts. */
function propertiesOf([services, own, controller]: readonly number[]): string {
  const common = readFileSync(join(settings, 'server.properties'), 'utf8').replaceAll(
    '@CONTROLLER_PORT@',
    `${controller}`,
  );
  return `${common}
listeners=SERVICES://127.0.0.1:${services},OPERATOR://127.0.0.1:${own},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=SERVICES://127.0.0.1:${services},OPERATOR://127.0.0.1:${own}
listener.security.protocol.map=SERVICES:SASL_SSL,OPERATOR:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=OPERATOR
listener.name.services.sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.services.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.services.ssl.keystore.type=PEM
listener.name.services.ssl.keystore.location=node.pem
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
`;
}
