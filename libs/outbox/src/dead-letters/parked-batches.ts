import type { Database } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import { isLeftInTopic } from './left-in-topic.ts';

/** SQL: the dead letter `d` is a batch that could not be read and waits for somebody's decision. A large record was left likewise. */
export const IS_PARKED_BATCH = `d.state = 'waiting' and d.last_offset is not null and not ${isLeftInTopic('d.headers')}`;

/**
 * How many batches of each subscription wait unread, and which replays cannot be read, as of the latest look: asked more often than a database
 * should be.
 */
export type ParkedBatches = {
  look(): Promise<void>;
  bySubscription(): ReadonlyMap<string, number>;
  failedReadings(): readonly FailedReadings[];
};

/** Replays of a subscription that failed for the same reason so far, and are tried again. */
export type FailedReadings = { readonly subscription: string; readonly failure: string; readonly count: number };

/** Opens the number of parked batches of some subscriptions; nothing is known before the first look. */
export function openParkedBatches(db: Database, subscriptions: readonly string[]): ParkedBatches {
  let counted: ReadonlyMap<string, number> = new Map();
  let failed: readonly FailedReadings[] = [];
  return {
    look: async () => {
      const rows = await query<{ subscription: string; parked: number }>(
        db,
        `select d.subscription, count(*)::integer as parked
           from dead_letter d where d.subscription = any(:subscriptions::text[]) and ${IS_PARKED_BATCH}
          group by d.subscription order by d.subscription`,
        { subscriptions },
      );
      counted = new Map(rows.map(({ subscription, parked }) => [subscription, parked]));
      failed = await query<FailedReadings>(
        db,
        `select d.subscription, r.failure, count(*)::integer as count
           from topic_reading r join dead_letter d on d.id = r.dead_letter_id
          where d.subscription = any(:subscriptions::text[]) and r.failure is not null
          group by d.subscription, r.failure order by d.subscription, r.failure`,
        { subscriptions },
      );
    },
    bySubscription: () => counted,
    failedReadings: () => failed,
  };
}
