// A job a message that does nothing: `graphile-worker.ts COUNT`, with DATABASE_URL. One process, with the settings that its own guide calls the fastest.
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';

const [count = 0] = process.argv.slice(2).map(Number);
const ADDED_AT_ONCE = 1_000;
const CONCURRENT = 24;

// What it prints is JSON alone.
const logger = new Logger(() => () => undefined);
const pgPool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: CONCURRENT });
pgPool.on('error', fail);
pgPool.on('connect', (client) => client.on('error', fail));
const utils = await makeWorkerUtils({ pgPool, logger });
await utils.migrate();
const began = performance.now();
const done = Promise.withResolvers<void>();
let worked = 0;
for (let from = 0; from < count; from += ADDED_AT_ONCE) {
  const jobs = Array.from({ length: Math.min(ADDED_AT_ONCE, count - from) }, (_, n) => ({
    identifier: 'nothing',
    payload: { message: from + n },
  }));
  await utils.addJobs(jobs);
}
const runner = await run({
  ...{ pgPool, logger, noHandleSignals: true },
  preset: {
    worker: { concurrentJobs: CONCURRENT, localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 },
  },
  taskList: {
    nothing: () => {
      worked += 1;
      if (worked === count) done.resolve();
    },
  },
});
await done.promise;
console.log(JSON.stringify({ seconds: (performance.now() - began) / 1e3 }));
await runner.stop();
await utils.release();
await pgPool.end();

function fail(error: Error): void {
  throw error;
}
