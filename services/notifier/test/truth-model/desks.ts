import { type Database, execute, query } from '@bijli/postgres';
import { openLog } from '@bijli/service';
import { sweepArrivals } from '../../src/plan/sweep-arrivals.ts';
import { type Sender, startSender } from '../sending.ts';
import type { Provider } from './provider.ts';

/** The processes that send, one or two at a time. */
export type Desks = {
  start(): void;
  /** All die, and another one begins. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  second(): void;
  wake(): void;
  /** Waits until every run has ended; who waits for the end of a doubt waits no minute. */
  settle(): Promise<void>;
  end(): Promise<void>;
};

/** A run goes on, or somebody came into the scope of one that was complete. */
const STILL_TELLS = `
  select from run r
   where (r.ended_at is null and r.state in ('open', 'superseded'))
      or (r.state = 'complete' and exists (select from run_later l where l.run_id = r.run_id)) limit 1`;
const HURRY_AFTER_MS = 250;
const SWEEP_EVERY_MS = 40;
const LOOK_EVERY_MS = 20;
const PUT_OFF_LOOKS = 2;
const NO_WAIT = `
  update chunk c set not_before = null
    from (select run_id, chunk_no from chunk where not_before is not null for update skip locked) w
   where c.run_id = w.run_id and c.chunk_no = w.chunk_no`;
const GIVE_UP_AFTER_MS = 40_000;

export function openDesks(db: Database, provider: Provider): Desks {
  let living: Sender[] = [];
  const wake = (): void => {
    for (const { desk } of living) desk.wake();
  };
  const sweep = sweepArrivals({ db, log: openLog('model', 'silent'), onChunks: wake, everyMs: SWEEP_EVERY_MS });
  const dead: string[] = [];
  const start = (): void => {
    living.push(startSender(db, provider.link(), { dead, idleMs: 60 }));
  };
  const stop = async (): Promise<void> => {
    const stopping = living;
    living = [];
    await Promise.all(stopping.map(({ desk }) => desk.stop()));
  };
  const isOver = async (): Promise<boolean> => {
    return (await query(db, STILL_TELLS)).length === 0;
  };
  const hurry = async (): Promise<void> => {
    const inDoubt = await query(
      db,
      `update message_state set recorded_at = recorded_at - interval '61 s' where state = 'ambiguous' returning 1`,
    );
    if (inDoubt.length === 0 && dead.length === 0) return;
    await stop();
    start();
  };
  return {
    start: () => {
      start();
      void sweep.start?.();
    },
    kill: async () => {
      for (const sender of living) {
        await sender.kill();
        dead.push(sender.holderId);
      }
      living = [];
      start();
    },
    restart: async () => {
      await stop();
      start();
    },
    second: () => {
      if (living.length < 2) start();
    },
    wake,
    settle: async () => {
      const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
      let hurryAt = performance.now() + HURRY_AFTER_MS;
      let looks = 0;
      while (!(await isOver())) {
        if (performance.now() > giveUpAt) throw new Error('runs do not end');
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
        looks += 1;
        // Who was put off, or is in doubt, waits no longer than it takes.
        if (looks % PUT_OFF_LOOKS === 0 && (await execute(db, NO_WAIT)) > 0) wake();
        if (performance.now() < hurryAt) continue;
        await hurry();
        hurryAt = performance.now() + HURRY_AFTER_MS;
      }
    },
    end: async () => {
      await sweep.stop?.();
      await stop();
    },
  };
}
