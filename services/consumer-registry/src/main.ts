import { openKafka } from '@bijli/kafka';
import { openDatabase } from '@bijli/postgres';
import { armFailpoints, openLog, readConfigOrExit, runService } from '@bijli/service';
import { buildService } from './build-service.ts';
import { readConfig } from './config.ts';

const name = 'consumer-registry';
const config = readConfigOrExit(name, readConfig, process.env);
const log = openLog(name, config.logLevel);
armFailpoints(config.failpoints, log);

const db = openDatabase({
  url: config.databaseUrl,
  applicationName: name,
  onIdleError: (err) => log.warn({ err }, 'idle database connection lost'),
});
const kafka = openKafka({ clientId: name, brokers: config.kafkaBrokers, ...config.kafkaSecurity, log });

await runService({ name, log, components: buildService({ config, db, kafka, log }).components });
