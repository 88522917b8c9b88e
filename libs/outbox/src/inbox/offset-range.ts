import type { RawRecord } from '@bijli/kafka';

/** Records of one partition, from the first to the last offset. */
export type OffsetRange = {
  readonly topic: string;
  readonly partition: number;
  readonly first: bigint;
  readonly last: bigint;
};

/** Gives the offset ranges of records, one for each partition. */
export function offsetRangesOf(records: readonly RawRecord[]): OffsetRange[] {
  const ranges = new Map<number, OffsetRange>();
  for (const { topic, partition, offset } of records) {
    const { first = offset, last = offset } = ranges.get(partition) ?? {};
    const wider = { first: offset < first ? offset : first, last: offset > last ? offset : last };
    ranges.set(partition, { topic, partition, ...wider });
  }
  return [...ranges.values()];
}

export function isIn({ topic, partition, first, last }: OffsetRange, record: RawRecord): boolean {
  return record.topic === topic && record.partition === partition && record.offset >= first && record.offset <= last;
}
