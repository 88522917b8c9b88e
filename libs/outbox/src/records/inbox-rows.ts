import type { EventOf, TopicName } from '@bijli/events';

export type AnyEvent = EventOf<TopicName>;

/** A record to be handled. `id` is its place in the order of arrival where it is stored, `<partition>/<offset>` where it arrives. */
export type PendingRow = {
  id: string;
  key: string;
  topic: string;
  partition: number;
  recordOffset: string;
  value: Buffer | null;
  headers: Readonly<Record<string, string>>;
  receivedAt: Date;
  crashes: number;
  /** What it says, where it is read already. */
  event?: AnyEvent | undefined;
};

/** How far a key is, read under its lock. `gapSince` is set while it waits for a missing version. */
export type KeyState = { key: string; version: number; attempts: number; gapSince: Date | null };
