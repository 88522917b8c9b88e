import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { stageOfStatement } from './ledger-questions.ts';

const LOOK_EVERY_MS = 50;
const NANOSECONDS = 1_000_000_000;

/** Seconds of a core that the notifier's backends of PostgreSQL used, by the stage of their statements. */
export type StageSeconds = Readonly<Record<string, number>>;

/**
 * Watches what the notifier's backends work on: every 50 ms what one has used of a core since the last look goes to the statement that it
 * runs, or ran last. Waiting costs nothing here, as it does in the times of statements. Who waits for `stop` has the sums.
 */
export function watchBackends(admin: pg.Client): { stop(): Promise<StageSeconds> } {
  const used = new Map<number, number>();
  const sums: Record<string, number> = {};
  let isOver = false;
  async function look(isFirst: boolean): Promise<void> {
    for (const { pid, stage } of await backendsOf(admin)) {
      const now = coreSecondsOfBackend(pid);
      const since = used.get(pid) ?? (isFirst ? now : 0);
      sums[stage] = (sums[stage] ?? 0) + Math.max(0, now - since);
      used.set(pid, now);
    }
  }
  async function watch(): Promise<void> {
    await look(true);
    while (!isOver) {
      await wait(LOOK_EVERY_MS);
      await look(false);
    }
  }
  const watching = watch();
  watching.catch(() => undefined); // it is told where it is awaited
  return {
    stop: async () => {
      isOver = true;
      await watching;
      return sums;
    },
  };
}

async function backendsOf(admin: pg.Client): Promise<{ pid: number; stage: string }[]> {
  const { rows } = await admin.query<{ pid: number; stage: string }>(
    `select pid, ${stageOfStatement('query')} as stage from pg_stat_activity
      where datname = 'notifier' and application_name like 'notifier%'`,
  );
  return rows;
}

/** proc(5), /proc/pid/schedstat: nanoseconds on a core; those of /proc/pid/stat count in 10 ms. 0 when it is gone. */
function coreSecondsOfBackend(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / NANOSECONDS;
  } catch {
    return 0;
  }
}
