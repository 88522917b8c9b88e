// What many build: a row a message with a status. `row-status.ts PORT`, with DATABASE_URL: the rows of bench_source are inserted, claimed by
// the thousand with SKIP LOCKED, sent by the notifier's own link, and updated when they are accepted and when their receipt comes.
import pg from 'pg';
import { messageTo, openOwnLink, sendSlice } from './own-link.ts';

const [port = 0] = process.argv.slice(2).map(Number);
const CLAIM = 1_000;
const LANES = 2;

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 2 * LANES });
await pool.query(`drop table if exists bench_row;
  create table bench_row (like bench_source, id bigint generated always as identity primary key,
    status text not null default 'waiting', message_id text);
  create index on bench_row (id) where status = 'waiting';
  create index on bench_row (message_id)`);
let [accepted, delivered, count] = [0, 0, Number.POSITIVE_INFINITY];
const done = Promise.withResolvers<void>();
let early: string[] = [];
let flushing: Promise<void> | undefined;
const link = await openOwnLink(port, async (receipts) => {
  early.push(...receipts.map(({ messageId }) => messageId ?? ''));
  flush();
});
const began = performance.now();
const cpu = process.cpuUsage();
const { rowCount } = await pool.query('insert into bench_row select * from bench_source');
count = rowCount ?? 0;
await Promise.all(Array.from({ length: LANES }, send));
await done.promise;
const { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ seconds: (performance.now() - began) / 1e3, coreSeconds: (user + system) / 1e6 }));
await link.stop();
await flushing;
await pool.query('drop table bench_row');
await pool.end();

async function send(): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ id: string }>(
      `update bench_row set status = 'sending' where id in (
         select id from bench_row where status = 'waiting' order by id limit $1 for update skip locked) returning id`,
      [CLAIM],
    );
    if (rows.length === 0) return;
    const outcomes = await sendSlice(
      link,
      rows.map(({ id }) => messageTo(Number(id))),
    );
    const ids = outcomes.map((outcome) => (outcome.kind === 'accepted' ? outcome.providerMessageId : ''));
    await pool.query(
      `update bench_row r set status = 'accepted', message_id = o.message_id
         from unnest($1::bigint[], $2::text[]) as o (id, message_id) where r.id = o.id`,
      [outcomes.map(({ ref }) => ref), ids],
    );
    accepted += outcomes.length;
    flush();
  }
}

/** Receipts whose answer is not updated yet stay for the next round. */
function flush(): void {
  flushing ??= round().finally(() => {
    flushing = undefined;
    if (delivered === count) done.resolve();
    else if (early.length > 0 && delivered < accepted) flush();
  });
}

async function round(): Promise<void> {
  const ids = early;
  early = [];
  const { rows } = await pool.query<{ message_id: string }>(
    `update bench_row set status = 'delivered' where message_id = any($1) returning message_id`,
    [ids],
  );
  delivered += rows.length;
  if (rows.length === ids.length) return;
  const found = new Set(rows.map((row) => row.message_id));
  early.push(...ids.filter((id) => !found.has(id)));
}
