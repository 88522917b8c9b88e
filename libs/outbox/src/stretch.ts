import type { RawRecord } from '@bijli/kafka';

/** Records of one partition, from the first to the last offset. */
export type Stretch = { topic: string; partition: number; first: bigint; last: bigint };

/** Gives the stretches of records, one for each partition. */
export function stretchesOf(records: readonly RawRecord[]): Stretch[] {
  const stretches = new Map<number, Stretch>();
  for (const { topic, partition, offset } of records) {
    const { first = offset, last = offset } = stretches.get(partition) ?? {};
    const wider = { first: offset < first ? offset : first, last: offset > last ? offset : last };
    stretches.set(partition, { topic, partition, ...wider });
  }
  return [...stretches.values()];
}

export const isIn = ({ topic, partition, first, last }: Stretch, record: RawRecord): boolean =>
  record.topic === topic && record.partition === partition && record.offset >= first && record.offset <= last;
