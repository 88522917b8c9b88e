import type { Log } from '@bijli/kafka';
import type { Database } from '@bijli/postgres';
import type { Attempts } from './attempts.ts';
import type { Counts } from '../subscriptions/counts.ts';
import type { Failpoint } from '../subscriptions/failpoint.ts';
import type { OnOutcome } from '../subscriptions/outcome.ts';
import type { InboxSettings } from '../subscriptions/settings.ts';
import type { InboxSubscription } from '../subscriptions/subscription.ts';

/** What the worker of one subscription works with. */
export type InboxWorker = {
  /** `<service>.<subscription>`: consumer group and name of spans. */
  group: string;
  subscription: InboxSubscription;
  db: Database;
  attempts: Attempts;
  settings: InboxSettings;
  counts: Counts;
  log: Log;
  failpoint: Failpoint;
  onOutcome: OnOutcome;
  /** Asks for another round within `ms` milliseconds, because a key stops being parked then. */
  wakeWithin(ms: number): void;
};
