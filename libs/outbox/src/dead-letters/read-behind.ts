import type { RawSubscription } from '@bijli/kafka';
import type { ReadBehind } from '../subscriptions/running.ts';

/** Opens what stands behind a range. Every call rejects while the broker does not answer. */
export function readBehind(
  raw: Pick<RawSubscription, 'read'>,
  { topic, partition, last }: { topic: string; partition: number; last: bigint },
): ReadBehind {
  let next = last + 1n;
  return async function* () {
    for await (const portion of raw.read({ topic, partition, first: next })) {
      yield portion.records;
      next = portion.unreadable === null ? portion.next : portion.unreadable.last + 1n;
    }
  };
}
