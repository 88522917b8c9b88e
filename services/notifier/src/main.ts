import { openKafka } from '@bijli/kafka';
import { openDatabase } from '@bijli/postgres';
import { armFailpoints, openLog, readConfigOrExit, runService } from '@bijli/service';
import { buildService } from './build-service.ts';
import { readConfig } from './config.ts';

const config = readConfigOrExit('notifier', readConfig, process.env);
/** A replica that stands still, its transactions open, keeps the account and its chunks from the others for so long, not for its lease. */
const idleInTransactionMs = 10_000;
const log = openLog('notifier', config.logLevel);
armFailpoints(config.failpoints, log);
const db = openDatabase({
  url: config.databaseUrl,
  applicationName: 'notifier',
  idleInTransactionMs,
  onIdleError: (err) => log.warn({ err }, 'idle database connection lost'),
});
const ownDb = openDatabase({
  url: config.databaseUrl,
  applicationName: 'notifier own',
  poolSize: 6,
  idleInTransactionMs,
  onIdleError: (err) => log.warn({ err }, 'idle database connection lost'),
});
const kafka = openKafka({ clientId: 'notifier', brokers: config.kafkaBrokers, ...config.kafkaSecurity, log });

await runService({ name: 'notifier', log, components: buildService({ config, db, ownDb, kafka, log }).components });
