import type { EventOf, TopicName } from '@bijli/events';

export type AnyEvent = EventOf<TopicName>;

/** A record to be handled. `id` is its place in the order of arrival where it is stored, `<partition>/<offset>` where it arrives. */
export type PendingRow = {
  readonly id: string;
  readonly key: string;
  readonly topic: string;
  readonly partition: number;
  readonly recordOffset: string;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly receivedAt: Date;
  readonly crashes: number;
  /** What it says, where it is read already. */
  readonly event?: AnyEvent | undefined;
};

/** How far a key is, read under its lock. `gapSince` is set while it waits for a missing version. */
export type KeyState = {
  readonly key: string;
  readonly version: number;
  readonly attempts: number;
  readonly gapSince: Date | null;
};
