import type { Database } from '@bijli/postgres';

/** Whether texts go out, and who said so last. */
export type SendingSwitch = {
  readonly isStopped: boolean;
  readonly reason: string;
  readonly changedBy: string;
  readonly changedAt: Date;
};

/** Reads the stop switch. */
export async function readSendingSwitch(db: Database): Promise<SendingSwitch> {
  const row = (await db('sending_switch').orderBy('change_id', 'desc').first()) as SwitchRow;
  return { isStopped: row.is_stopped, reason: row.reason, changedBy: row.changed_by, changedAt: row.changed_at };
}

/** Sets the stop switch. Every change is kept; what is in flight still finishes (D messages at most). */
export async function setSendingSwitch(db: Database, change: Omit<SendingSwitch, 'changedAt'>): Promise<void> {
  await db('sending_switch').insert({
    is_stopped: change.isStopped,
    reason: change.reason,
    changed_by: change.changedBy,
  });
}

type SwitchRow = {
  readonly is_stopped: boolean;
  readonly reason: string;
  readonly changed_by: string;
  readonly changed_at: Date;
};
