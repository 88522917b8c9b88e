import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KafkaConnection, openKafka } from '@bijli/kafka';
import { makeAuthority } from '@bijli/testing';
import { freePorts } from '@bijli/start/free-ports';
import type { GuardedProcess } from '@bijli/start/guarded-process';
import { madeSecrets } from '../made-secrets.ts';
import { ofKind, type Resource, workloads } from '../resources.ts';
import { applyToKafka } from './apply-to-kafka.ts';
import { contentsOf, type Place } from './place.ts';
import { type RunningPod, runJob, startPods, startSimulator } from './run-pods.ts';
import { startSecuredKafka } from './secured-kafka.ts';
import { applyToPostgres, startSecuredPostgres } from './secured-postgres.ts';

const silent = (): void => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };

/** The system of an overlay, on one machine: real servers that ask who one is, and the processes that the pods would run. */
export type SmallCluster = {
  readonly folder: string;
  /** What each container of the Job printed. */
  readonly migrated: readonly string[];
  /** As many of each service as its Deployment asks for. */
  readonly pods: readonly RunningPod[];
  /** Address of the stand-in for the carrier. */
  readonly simulator: string;
  /** Administrator's address of PostgreSQL. */
  readonly postgresUrl: string;
  /** Connects to Kafka as one of the users, with its password unless told otherwise. */
  as(user: string, password?: string): KafkaConnection;
  stop(): Promise<void>;
};

/** Brings an overlay up as README says: the stores, the secrets, the Job, the services; resolves when all are ready. */
export async function startSmallCluster(resources: readonly Resource[]): Promise<SmallCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'bijli-cluster-'));
  chmodSync(folder, 0o755); // PostgreSQL may run as another user
  const running: GuardedProcess[] = [];
  const stop = async (): Promise<void> => {
    for (const process of running.toReversed()) await process.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { place, postgresUrl, as } = await startStores(folder, resources, running);
    const migrated = workloads(resources).flatMap((one) => (one.kind === 'Job' ? runJob(one, place) : []));
    const simulator = await startSimulator(place, running);
    const pods = await startPods(place, running);
    return { folder, migrated, pods, simulator, postgresUrl, as, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Stores = { readonly place: Place } & Pick<SmallCluster, 'postgresUrl' | 'as'>;

async function startStores(folder: string, resources: readonly Resource[], running: GuardedProcess[]): Promise<Stores> {
  const [postgresPort = 0, smppPort = 0, ...kafkaPorts] = await freePorts(5);
  const authority = makeAuthority('Authority of the test');
  const identity = authority.sign({ hosts: ['localhost'], addresses: ['127.0.0.1'] });
  const secrets = madeSecrets({ smppPassword: 'smppword' });
  const users = ofKind(resources, 'KafkaUser').map(({ metadata }) => metadata.name);
  const passwords = new Map(users.map((user) => [user, randomBytes(8).toString('hex')]));

  const postgres = await startSecuredPostgres(folder, postgresPort, identity);
  running.push(postgres.process);
  const kafka = await startSecuredKafka(join(folder, 'kafka'), identity, { passwords, ports: kafkaPorts });
  running.push(kafka.process);
  await applyToPostgres(postgres.url, resources, secrets);
  await applyToKafka(kafka.administrator, resources);

  const contents = new Map([
    ...contentsOf(secrets, { 'bijli-postgres-rw:5432': `localhost:${postgresPort}` }),
    ...[...passwords].map(([user, password]) => [`kafka-user-${user}/password`, password] as const),
    ['bijli-postgres-ca/ca.crt', authority.cert],
    ['bijli-kafka-cluster-ca-cert/ca.crt', authority.cert],
  ]);
  const addresses = {
    HOST: '127.0.0.1',
    KAFKA_BROKERS: kafka.brokers,
    SMPP_HOST: '127.0.0.1',
    SMPP_PORT: `${smppPort}`,
  };
  const as = (username: string, password = passwords.get(username) ?? ''): KafkaConnection => {
    const sasl = { mechanism: 'scram-sha-512', username, password } as const;
    return openKafka({ clientId: 'test', brokers: [kafka.brokers], ssl: { ca: authority.cert }, sasl, log });
  };
  return { place: { folder, resources, contents, addresses }, postgresUrl: postgres.url, as };
}
