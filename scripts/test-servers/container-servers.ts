import { randomBytes } from 'node:crypto';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { serverImages } from './images.ts';
import type { TestServers } from './servers.ts';

const kafkaPort = 9_092;
const startScript = '/tmp/start.sh';
const dataFolder = '/tmp/kafka-data';
const readyWithinMs = 60_000;

/** Starts the servers of docker-compose.yml in containers; Testcontainers removes them when this process is gone. */
export async function startServers(): Promise<TestServers> {
  const images = serverImages();
  const [postgres, kafka] = await Promise.all([startPostgres(images.postgres), startKafka(images.kafka)]);
  return {
    databaseUrl: postgres.getConnectionUri(),
    kafkaBrokers: brokersOf(kafka),
    origin: `${images.postgres} and ${images.kafka} in containers`,
    async stop() {
      await Promise.all([postgres.stop(), kafka.stop()]);
    },
  };
}

function startPostgres(image: string) {
  const forgetful = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_wal_size=1GB'];
  const settings = [...forgetful, 'max_connections=200', 'log_error_verbosity=terse', 'random_page_cost=1.1'];
  return new PostgreSqlContainer(image)
    .withUsername('postgres')
    .withDatabase('postgres')
    .withPassword(randomBytes(16).toString('hex'))
    .withEnvironment({
      POSTGRES_INITDB_ARGS: '--locale=C.UTF-8 --locale-provider=builtin --builtin-locale=C.UTF-8 --encoding=UTF8',
    })
    .withCommand(['postgres', ...settings.flatMap((setting) => ['-c', setting])])
    .start();
}

/**
 * A broker tells its clients where it can be reached, which is known when the container runs already: so the container waits for the
 * script that starts the broker.
 */
async function startKafka(image: string): Promise<StartedTestContainer> {
  const wait = `echo waiting; while [ ! -s ${startScript} ]; do sleep 0.1; done; exec bash ${startScript}`;
  const container = await new GenericContainer(image)
    .withExposedPorts(kafkaPort)
    .withEnvironment(brokerSettings)
    // In memory: a broker that is slow to make a topic's files refuses the first records, and their repetition is one copy too many.
    .withTmpFs({ [dataFolder]: 'uid=1000' })
    .withEntrypoint(['bash'])
    .withCommand(['-c', wait])
    .withWaitStrategy(Wait.forLogMessage('waiting'))
    .start();
  const served = whenServing(container);
  const listeners = `PLAINTEXT://${brokersOf(container)},BROKER://localhost:9094`;
  const script = `export KAFKA_ADVERTISED_LISTENERS=${listeners}\nexec /etc/kafka/docker/run\n`;
  await container.copyContentToContainer([{ target: startScript, mode: 0o755, content: script }]);
  await served;
  return container;
}

/** By number where it is this machine: what stands between a client and the broker in tests looks for it so. */
function brokersOf(kafka: StartedTestContainer): string {
  const host = kafka.getHost().replace(/^localhost$/, '127.0.0.1');
  return `${host}:${kafka.getMappedPort(kafkaPort)}`;
}

// One variable replaces the image's whole default: the full set, the same as scripts/start/kafka/server.properties.
const brokerSettings = {
  KAFKA_PROCESS_ROLES: 'broker,controller',
  KAFKA_NODE_ID: '1',
  KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
  KAFKA_LISTENERS: `PLAINTEXT://:${kafkaPort},BROKER://localhost:9094,CONTROLLER://localhost:9093`,
  KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT',
  KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
  KAFKA_INTER_BROKER_LISTENER_NAME: 'BROKER',
  KAFKA_LOG_DIRS: dataFolder,
  KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
  KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
  KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '8',
  KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
  KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
  KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: '1',
  KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: '1',
  KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
  KAFKA_LOG_CLEANER_DEDUPE_BUFFER_SIZE: '16777216',
  KAFKA_HEAP_OPTS: '-Xms64m -Xmx256m',
  KAFKA_JVM_PERFORMANCE_OPTS: '-XX:+UseSerialGC -XX:TieredStopAtLevel=1',
};

async function whenServing(container: StartedTestContainer): Promise<void> {
  const log = await container.logs();
  const said: string[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`Kafka does not serve:\n${said.join('')}`)), readyWithinMs);
      log.on('data', (text: Buffer | string) => {
        said.push(text.toString());
        if (!said.join('').includes('Kafka Server started')) return;
        clearTimeout(timer);
        resolve();
      });
      log.on('error', reject);
    });
  } finally {
    log.destroy();
  }
}
