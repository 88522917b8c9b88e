import { openKafka } from '@bijli/kafka';
import { openDatabase } from '@bijli/postgres';
import { armFailpoints, openLog, readConfigOrExit, runService } from '@bijli/service';
import { buildService } from './build-service.ts';
import { readConfig } from './config.ts';

const config = readConfigOrExit('notifier', readConfig, process.env);
const log = openLog('notifier', config.logLevel);
armFailpoints(config.failpoints, log);
const db = openDatabase({
  url: config.databaseUrl,
  applicationName: 'notifier',
  onIdleError: (err) => log.warn({ err }, 'idle database connection lost'),
});
const ownDb = openDatabase({
  url: config.databaseUrl,
  applicationName: 'notifier own',
  poolSize: 6,
  onIdleError: (err) => log.warn({ err }, 'idle database connection lost'),
});
const kafka = openKafka({ clientId: 'notifier', brokers: config.kafkaBrokers, ...config.kafkaSecurity, log });

await runService({ name: 'notifier', log, components: buildService({ config, db, ownDb, kafka, log }).components });
