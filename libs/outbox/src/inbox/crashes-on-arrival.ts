import type { RawRecord } from '@bijli/kafka';
import type { Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import { IS_ORPHAN } from './attempts.ts';
import { isIn, type OffsetRange } from './offset-range.ts';

/** Notes that dead processes left of records that arrive once more. */
export type CrashesOnArrival = {
  /** How many processes died over each record, where any did; never enough to make it a dead letter: others may have been to blame. */
  readonly crashes: ReadonlyMap<RawRecord, number>;
  /** Ids of the notes of which nothing more will arrive. */
  readonly spent: readonly string[];
};

type Note = OffsetRange & { readonly id: string };
type NoteRow = {
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly first_offset: string;
  readonly last_offset: string;
};

/** Tells over which of these records a process died as they arrived, inside a transaction; `own` are the notes of this try. */
export async function crashesOnArrival(
  tx: Transaction,
  subscription: string,
  records: readonly RawRecord[],
  { own, maxCrashes }: { own: readonly string[]; maxCrashes: number },
): Promise<CrashesOnArrival> {
  const rows = await query<NoteRow>(
    tx,
    `select id, topic, partition, first_offset, last_offset
       from inbox_attempt a
      where subscription = :subscription and topic is not null and id <> all(:own::bigint[])
        and started_at > pg_postmaster_start_time() and ${IS_ORPHAN}`,
    { subscription, own },
  );
  const notes = rows.map(noteOf).filter((note) => records.some((record) => isIn(note, record)));
  const spent = notes.filter((note) => records.some((record) => isIn(note, record) && record.offset === note.last));
  const mostCounted = Math.max(1, maxCrashes - 1);
  return { crashes: crashesOf(notes, records, mostCounted), spent: spent.map(({ id }) => id) };
}

const noteOf = ({ id, topic, partition, first_offset, last_offset }: NoteRow): Note => ({
  ...{ id, topic, partition },
  first: BigInt(first_offset),
  last: BigInt(last_offset),
});

function crashesOf(notes: readonly Note[], records: readonly RawRecord[], most: number): Map<RawRecord, number> {
  if (notes.length === 0) return new Map();
  const counted = records.map(
    (record) => [record, Math.min(most, notes.filter((note) => isIn(note, record)).length)] as const,
  );
  return new Map(counted.filter(([, crashes]) => crashes > 0));
}
