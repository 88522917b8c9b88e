import { type Database, query } from '@bijli/postgres';

/** A part of a chunk that is about to be sent. */
export type SeqRange = {
  readonly runId: string;
  readonly runDay: string;
  readonly chunkNo: number;
  readonly from: number;
  readonly to: number;
};

/**
 * Finds which messages of chunks were withdrawn, as `runId/chunkNo/seq`; also those that go once more and say back to a mobile which a newer cut
 * has put off meanwhile (note-waits.ts): it may be off again, and that run judges anew what it is told. Of a mobile with several accounts it
 * may judge but one: there only what is in doubt ends.
 */
export async function findWithdrawn(db: Database, ranges: readonly SeqRange[]): Promise<ReadonlySet<string>> {
  if (ranges.length === 0) return new Set();
  const rows = await query<{ runId: string; chunkNo: number; seq: number }>(
    db,
    `with asked as materialized (
       select * from unnest(:runIds::uuid[], :chunkNos::int[], :froms::int[], :tos::int[]) as asked (run_id, chunk_no, seq_from, seq_to)),
     newer as materialized (
       select wait.run_id, wait.for_run_id
         from run_wait wait join run r on r.run_id = wait.for_run_id and r.state = 'open'
        where wait.run_id in (select run_id from asked)),
     put_off as materialized (
       select n.run_id, l.mobile_index from newer n join run_later l on l.run_id = n.for_run_id
        union select n.run_id, unnest(u.mobiles) from newer n join chunk u on u.run_id = n.for_run_id and u.state = 'waiting')
     select w.run_id as "runId", w.chunk_no as "chunkNo", w.seq
       from asked
       join withdrawn_message w
         on w.run_id = asked.run_id and w.chunk_no = asked.chunk_no and w.seq >= asked.seq_from and w.seq <= asked.seq_to
      union
     select l.run_id, l.chunk_no, l.seq
       from put_off p
       join ledger l on l.run_day = any(:runDays::date[]) and l.run_id = p.run_id and l.mobile_index = p.mobile_index
       join asked on asked.run_id = l.run_id and asked.chunk_no = l.chunk_no and l.seq >= asked.seq_from and l.seq <= asked.seq_to
      where l.fate = 'carrier' and l.template_key ~ '^(restored|partly)'
        and exists (select from message_state m
                     where m.run_day = any(:runDays::date[]) and m.run_day = l.run_day and m.run_id = l.run_id and m.chunk_no = l.chunk_no and m.seq = l.seq
                       and (m.state = 'ambiguous'
                            or (m.state in ('returned', 'deferred', 'blocked')
                                and (select count(*) from audience a where a.mobile_index = l.mobile_index) = 1)))`,
    {
      runIds: ranges.map(({ runId }) => runId),
      runDays: [...new Set(ranges.map(({ runDay }) => runDay))],
      chunkNos: ranges.map(({ chunkNo }) => chunkNo),
      froms: ranges.map(({ from }) => from),
      tos: ranges.map(({ to }) => to),
    },
  );
  return new Set(rows.map(({ runId, chunkNo, seq }) => `${runId}/${chunkNo}/${seq}`));
}
