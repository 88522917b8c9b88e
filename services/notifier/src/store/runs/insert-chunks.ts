import { execute, type Transaction } from '@bijli/postgres';
import type { KeyRange } from '../../domain/chunk-ranges.ts';

/** Stores the chunks of a run, inside the caller's transaction. Chunk 0 has no range: it is those who hear first. */
export async function insertChunks(
  tx: Transaction,
  runId: string,
  ranges: readonly KeyRange[],
  hasFirst: boolean,
): Promise<void> {
  await execute(
    tx,
    `insert into chunk (run_id, chunk_no, range_from, range_to)
     select :runId::uuid, n::int, lo, hi
       from unnest(:froms::bigint[], :tos::bigint[]) with ordinality as ranges (lo, hi, n)
      union all select :runId::uuid, 0, null, null where :hasFirst::bool`,
    {
      runId,
      froms: ranges.map((range) => range.from.toString()),
      tos: ranges.map((range) => range.to.toString()),
      hasFirst,
    },
  );
}
