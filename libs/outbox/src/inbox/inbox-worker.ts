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
  readonly group: string;
  readonly subscription: InboxSubscription;
  readonly db: Database;
  readonly attempts: Attempts;
  readonly settings: InboxSettings;
  readonly counts: Counts;
  readonly log: Log;
  readonly failpoint: Failpoint;
  readonly onOutcome: OnOutcome;
  /** Asks for another round within `ms` milliseconds, because a key stops being parked then. */
  wakeWithin(ms: number): void;
};
