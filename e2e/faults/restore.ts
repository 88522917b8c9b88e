import { randomUUID } from 'node:crypto';
import { until } from '@bijli/testing/until';
import { ask, countOf } from './ledger.ts';
import type { FaultSystem } from './system.ts';
import { postUntilAnswered } from './writes.ts';

/** Ends every outage that is open, and waits until everybody has heard of it. */
export async function restoreEverything(system: FaultSystem): Promise<void> {
  const open = await ask<{ id: string }>(
    system.database('outage'),
    `select id from outage where status = 'open' and version > 0`,
  );
  const ended: { thread: string; version: number }[] = [];
  for (const { id } of open) {
    const url = `${system.urlOf('outage')}/v1/outages/${id}/restoration`;
    const { body } = await postUntilAnswered({ url, key: randomUUID(), body: {} });
    const { version } = JSON.parse(body) as { version?: number };
    if (version !== undefined) ended.push({ thread: `outage:${id}`, version });
  }
  await until(async () => (await unheardOf(system, ended)) === 0, {
    deadlineMs: 300_000,
    describe: 'everybody to have heard of every restoration',
  });
}

/** Counts these restorations without a run that has ended, and all other runs that have not. */
async function unheardOf(system: FaultSystem, ended: readonly { thread: string; version: number }[]): Promise<number> {
  const sql = `select (select count(*) from unnest($1::text[], $2::int[]) as e (thread, version)
                        where not exists (select from run where thread_id = thread and revision = version and ended_at is not null))::int
                    + (select count(*) from run where ended_at is null)::int as n`;
  const values = [ended.map(({ thread }) => thread), ended.map(({ version }) => version)];
  return countOf(system.database('notifier'), sql, values);
}
