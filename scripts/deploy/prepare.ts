// The step `prepare` of docker-compose.yml: topics, databases with their roles, and migrations. Doing it again changes only what is new.
import { type DatabaseName, makeDatabases } from '@bijli/start/databases';
import { migrateAll, serviceOf } from '@bijli/start/migrations';
import { openSecrets } from '@bijli/start/secrets';
import { makeTopics } from '@bijli/start/topics';
import { handOver, keptFolder } from './secret-volumes.ts';

const secrets = await openSecrets(keptFolder);
const administratorUrl = new URL(String(process.env['DATABASE_URL']));
administratorUrl.password = await secrets.password('postgres');

const { count, warnings } = await makeTopics(String(process.env['KAFKA_BROKERS']));
console.log([`topics: ${count}`, ...warnings].join('\n  '));
const urls = await makeDatabases(administratorUrl.href, secrets);
console.log(`databases: ${Object.keys(urls).length}`);
console.log(`migrations: ${await migrateAll(urls)} applied`);
for (const [name, { app }] of Object.entries(urls))
  await handOver(serviceOf(name as DatabaseName), 'database-url', app);
