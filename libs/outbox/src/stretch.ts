import type { RawRecord } from '@bijli/kafka';

/** Records of one partition, from the first to the last offset. */
export type Stretch = { topic: string; partition: number; first: bigint; last: bigint };

/** Gives the stretches of records, those of a partition in their order. */
export function stretchesOf(records: readonly RawRecord[]): Stretch[] {
  const ofPartitions = Map.groupBy(records, ({ partition }) => partition);
  return [...ofPartitions.values()].flatMap((of) => {
    const [first, last] = [of[0], of.at(-1)];
    if (first === undefined || last === undefined) return [];
    return [{ topic: first.topic, partition: first.partition, first: first.offset, last: last.offset }];
  });
}

export const isIn = ({ topic, partition, first, last }: Stretch, record: RawRecord): boolean =>
  record.topic === topic && record.partition === partition && record.offset >= first && record.offset <= last;
