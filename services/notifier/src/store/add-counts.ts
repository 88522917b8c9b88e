import type { Database, Transaction } from '@bijli/postgres';

/** How much of one measure a chunk has more. */
export type CountDelta = {
  readonly runId: string;
  readonly chunkNo: number;
  readonly measure: string;
  readonly n: number;
};

/** Adds to the counts of runs. Nothing is ever updated: the live count is the sum. */
export async function addCounts(tx: Database | Transaction, deltas: readonly CountDelta[]): Promise<void> {
  const real = deltas.filter((delta) => delta.n !== 0);
  if (real.length === 0) return;
  await tx.raw(
    `insert into count_delta (run_id, chunk_no, measure, n)
     select * from unnest(cast(:runIds as uuid[]), cast(:chunkNos as int[]), cast(:measures as text[]), cast(:ns as bigint[]))`,
    {
      runIds: real.map((delta) => delta.runId),
      chunkNos: real.map((delta) => delta.chunkNo),
      measures: real.map((delta) => delta.measure),
      ns: real.map((delta) => delta.n),
    },
  );
}
