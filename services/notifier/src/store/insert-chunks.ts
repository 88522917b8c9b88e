import type { Transaction } from '@bijli/postgres';
import type { KeyRange } from '../domain/chunk-ranges.ts';

/** Stores the chunks of a run, inside the caller's transaction. Chunk 0 has no range: it is those who hear first. */
export async function insertChunks(
  tx: Transaction,
  runId: string,
  ranges: readonly KeyRange[],
  hasFirst: boolean,
): Promise<void> {
  await tx.raw(
    `insert into chunk (run_id, chunk_no, range_from, range_to)
     select cast(:runId as uuid), cast(n as int), lo, hi
       from unnest(cast(:froms as bigint[]), cast(:tos as bigint[])) with ordinality as ranges (lo, hi, n)
      union all select cast(:runId as uuid), 0, null, null where cast(:hasFirst as bool)`,
    {
      runId,
      froms: ranges.map((range) => range.from.toString()),
      tos: ranges.map((range) => range.to.toString()),
      hasFirst,
    },
  );
}
