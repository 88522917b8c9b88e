import { type Database, execute, type Transaction } from '@bijli/postgres';

/** How much of one measure a chunk has more. */
export type CountDelta = {
  readonly runDay: string;
  readonly runId: string;
  readonly chunkNo: number;
  readonly measure: string;
  readonly n: number;
};

/** Adds to the counts of runs. Nothing is ever updated: the live count is the sum. */
export async function addCounts(tx: Database | Transaction, deltas: readonly CountDelta[]): Promise<void> {
  const real = deltas.filter((delta) => delta.n !== 0);
  if (real.length === 0) return;
  await execute(
    tx,
    `insert into count_change (run_day, run_id, chunk_no, measure, n)
     select run_day, run_id, chunk_no, measure, sum(n)
       from unnest(:runDays::date[], :runIds::uuid[], :chunkNos::int[], :measures::text[], :ns::bigint[])
            as d (run_day, run_id, chunk_no, measure, n)
      group by run_day, run_id, chunk_no, measure having sum(n) <> 0`,
    {
      runDays: real.map((delta) => delta.runDay),
      runIds: real.map((delta) => delta.runId),
      chunkNos: real.map((delta) => delta.chunkNo),
      measures: real.map((delta) => delta.measure),
      ns: real.map((delta) => delta.n),
    },
  );
}
