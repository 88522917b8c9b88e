import { type Database, execute, query } from '@bijli/postgres';
import { NEWS } from '../chunks/look-at-runs.ts';

/** Whether texts go out, and who said so last. */
export type SendingSwitch = {
  readonly isStopped: boolean;
  readonly reason: string;
  readonly changedBy: string;
  readonly changedAt: Date;
};

/** Reads the stop switch. */
export async function readSendingSwitch(db: Database): Promise<SendingSwitch> {
  const [latest] = await query<SendingSwitch>(
    db,
    `select is_stopped as "isStopped", reason, changed_by as "changedBy", changed_at as "changedAt"
       from sending_switch order by change_id desc limit 1`,
  );
  if (latest === undefined) throw new Error('nobody ever set the stop switch: the migrations did not run');
  return latest;
}

/** Sets the stop switch, and tells every replica. Every change is kept. */
export async function setSendingSwitch(db: Database, change: Omit<SendingSwitch, 'changedAt'>): Promise<void> {
  await execute(
    db,
    'insert into sending_switch (is_stopped, reason, changed_by) values (:isStopped, :reason, :changedBy)',
    { ...change },
  );
  await execute(db, 'select pg_notify(:channel, :payload)', { channel: NEWS, payload: '' });
}
