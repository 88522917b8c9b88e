import { openKafka } from '@bijli/kafka';
import { openDatabase } from '@bijli/postgres';
import { armFailpoints, openLog, readConfigOrExit, runService } from '@bijli/service';
import { buildService } from './build-service.ts';
import { readConfig } from './config.ts';

const config = readConfigOrExit('complaint', readConfig, process.env);
const log = openLog('complaint', config.logLevel);
armFailpoints(config.failpoints, log);
const db = openDatabase({
  url: config.databaseUrl,
  applicationName: 'complaint',
  onIdleError: (err) => log.warn({ err }, 'idle database connection lost'),
});
const kafka = openKafka({ clientId: 'complaint', brokers: config.kafkaBrokers, ...config.kafkaSecurity, log });

await runService({ name: 'complaint', log, components: buildService({ config, db, kafka, log }).components });
