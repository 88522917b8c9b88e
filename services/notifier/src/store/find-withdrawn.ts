import type { Database } from '@bijli/postgres';

/** Finds which messages of a chunk, `from` up to `to`, were withdrawn. */
export async function findWithdrawn(
  db: Database,
  chunk: { runId: string; chunkNo: number },
  { from, to }: { from: number; to: number },
): Promise<ReadonlySet<number>> {
  const { rows } = (await db.raw(
    `select seq from withdrawn_message
      where run_id = :runId and chunk_no = :chunkNo and seq >= cast(:from as int) and seq <= cast(:to as int)`,
    { runId: chunk.runId, chunkNo: chunk.chunkNo, from, to },
  )) as { rows: { seq: number }[] };
  return new Set(rows.map(({ seq }) => seq));
}
