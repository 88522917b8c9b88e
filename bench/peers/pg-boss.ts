// A job a message that does nothing: `pg-boss.ts COUNT`, with DATABASE_URL. One process, which fetches and completes by the thousand.
import { PgBoss } from 'pg-boss';

const [count = 0] = process.argv.slice(2).map(Number);
const AT_ONCE = 1_000;
const QUEUE = 'nothing';

const boss = new PgBoss({ connectionString: process.env['DATABASE_URL'] ?? '', supervise: false, schedule: false });
await boss.start();
await boss.createQueue(QUEUE);
const began = performance.now();
for (let from = 0; from < count; from += AT_ONCE) {
  const jobs = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, n) => ({ data: { message: from + n } }));
  await boss.insert(QUEUE, jobs);
}
for (let worked = 0; worked < count; ) {
  const jobs = await boss.fetch(QUEUE, { batchSize: AT_ONCE });
  if (jobs.length === 0) throw new Error(`only ${worked} of ${count} jobs were there`);
  await boss.complete(
    QUEUE,
    jobs.map(({ id }) => id),
  );
  worked += jobs.length;
}
console.log(JSON.stringify({ seconds: (performance.now() - began) / 1e3 }));
await boss.stop({ graceful: false });
