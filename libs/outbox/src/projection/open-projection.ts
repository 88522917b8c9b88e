import type { RawRecord } from '@bijli/kafka';
import type { Database } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import { openCounts, UNREADABLE_BATCHES } from '../subscriptions/counts.ts';
import { openLoop } from '@bijli/loop';
import type { Projector } from './project-batch.ts';
import { projectBatch } from './project-batch.ts';
import { reread } from './reread.ts';
import type { OnBatch, Running, RunOptions } from '../subscriptions/running.ts';
import { INBOX_SETTINGS } from '../subscriptions/settings.ts';
import type { ProjectionSubscription } from '../subscriptions/subscription.ts';
import { batchCalls } from '@bijli/loop';

const COUNTED = ['applied_total', 'superseded_total', 'erased_total', 'dead_total', UNREADABLE_BATCHES];
/** A person replays dead letters, and can wait for a few polls. */
const POLLS_PER_LOOK = 5;
const REPLAYS_AT_ONCE = 100;

/** Puts a projection together: Kafka's records are applied and committed, and a loop applies the dead letters that somebody replays. */
export function openProjection(options: RunOptions, subscription: ProjectionSubscription): Running {
  const { db, log, service, failpoint = async () => undefined, onOutcome } = options;
  const { pollMs } = { ...INBOX_SETTINGS, ...options.settings };
  const counts = openCounts(COUNTED);
  const projector: Projector = { group: `${service}.${subscription.name}`, subscription, db, counts, log, onOutcome };
  const name = `projection ${subscription.name}`;
  /** Each applies what its own partitions bring: no key is another's too. */
  const openReader = (): OnBatch => {
    const apply = batchCalls<RawRecord>((records) => projectBatch(projector, records, 'leave'));
    return async (records) => {
      await apply(records);
      await failpoint('projection.applied');
    };
  };
  return {
    subscription,
    counts,
    loop: openLoop({ name, idleMs: POLLS_PER_LOOK * pollMs, log, round: () => applyReplays(projector) }),
    readers: Array.from({ length: subscription.readers ?? 1 }, openReader),
    takeAgain: (records, readBehind) => reread(projector, records, readBehind),
  };
}

/** Replayed twice by two replicas it is still applied by version; so nothing is locked. */
async function applyReplays(projector: Projector): Promise<boolean> {
  const { db, subscription } = projector;
  const replays = await readReplays(db, subscription.name);
  if (replays.length === 0) return false;
  await projectBatch(
    projector,
    replays.map(({ record }) => record),
    'reopen',
  );
  await query(db, 'delete from inbox_pending where subscription = :subscription and id = any(:ids::bigint[])', {
    subscription: subscription.name,
    ids: replays.map(({ id }) => id),
  });
  return true;
}

type ReplayRow = Omit<RawRecord, 'offset' | 'timestamp'> & {
  readonly id: string;
  readonly record_offset: string;
  readonly received_at: Date;
};

async function readReplays(db: Database, subscription: string): Promise<{ id: string; record: RawRecord }[]> {
  const rows = await query<ReplayRow>(
    db,
    `select p.id, i.topic, i.partition, i.record_offset, nullif(i.key, '') as key, i.value, i.headers, i.received_at
       from inbox_pending p join inbox i on i.id = p.id
      where p.subscription = :subscription order by p.id limit :replaysAtOnce`,
    { subscription, replaysAtOnce: REPLAYS_AT_ONCE },
  );
  return rows.map(({ id, record_offset, received_at, ...record }) => ({
    id,
    record: {
      ...record,
      traceparent: record.headers['traceparent'],
      offset: BigInt(record_offset),
      timestamp: received_at,
    },
  }));
}
