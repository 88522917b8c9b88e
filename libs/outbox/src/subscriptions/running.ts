import type { KafkaConnection, Log, RawRecord } from '@bijli/kafka';
import type { Database } from '@bijli/postgres';
import type { Counts } from './counts.ts';
import type { Failpoint } from './failpoint.ts';
import type { Loop } from '@bijli/loop';
import type { OnOutcome } from './outcome.ts';
import type { InboxSettings } from './settings.ts';
import type { Subscription } from './subscription.ts';

export type RunOptions = {
  readonly service: string;
  readonly db: Database;
  readonly kafka: KafkaConnection;
  readonly subscriptions: readonly Subscription[];
  readonly log: Log;
  /** Hears what became of each record; for tests. */
  readonly onOutcome?: OnOutcome;
  /** A subscription is dead or hangs. Unless told, the error is thrown where nobody catches it, which ends the process. */
  readonly onFatal?: (error: Error) => void;
  readonly settings?: Partial<InboxSettings>;
  /**
   * Called at `inbox.applied` (effects written, not committed; on arrival and by the worker alike), `inbox.committed` and
   * `projection.applied` (committed, offset not), `inbox.stored` (stored for the worker, offset not committed).
   */
  readonly failpoint?: Failpoint;
};

/** Gives what stands behind a range in its partition, from where the latest call ended up to the present end, portion by portion. */
export type ReadBehind = () => AsyncGenerator<readonly RawRecord[]>;

/** Takes records of one partition from Kafka, in order. */
export type OnBatch = (records: readonly RawRecord[]) => Promise<void>;

/**
 * One subscription at work: what takes records from Kafka, one for each of its readers, and the loop that works what was stored.
 * `takeAgain` takes records of a range that is read from its topic once more; it may ask what stands behind that.
 */
export type Running = {
  readonly subscription: Subscription;
  readonly counts: Counts;
  readonly loop: Loop;
  readonly readers: readonly OnBatch[];
  takeAgain(records: readonly RawRecord[], readBehind: ReadBehind): Promise<void>;
};
