// The step `secrets` of docker-compose.yml: makes the secrets that are missing, and hands each container a copy of its own.
import { openSecrets } from '@bijli/start/secrets';
import { handOver, handOverFile, keptFolder } from './secret-volumes.ts';

const secrets = await openSecrets(keptFolder);
const { sealKeys, blindIndexKey, smppPassword } = secrets.files;

await handOver('postgres', 'postgres-password', await secrets.password('postgres'));
for (const file of [sealKeys, blindIndexKey]) {
  await handOverFile('consumer-registry', file);
  await handOverFile('notifier', file);
}
await handOverFile('notifier', smppPassword);
await handOverFile('sms-simulator', smppPassword);
