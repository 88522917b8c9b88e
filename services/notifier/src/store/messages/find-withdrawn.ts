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
  const asked = {
    runIds: ranges.map(({ runId }) => runId),
    chunkNos: ranges.map(({ chunkNo }) => chunkNo),
    froms: ranges.map(({ from }) => from),
    tos: ranges.map(({ to }) => to),
  };
  const rows = await query<Withdrawn & { readonly mayBePutOff: boolean }>(
    db,
    `${ASKED}
     select w.run_id as "runId", w.chunk_no as "chunkNo", w.seq, false as "mayBePutOff"
       from asked
       join withdrawn_message w
         on w.run_id = asked.run_id and w.chunk_no = asked.chunk_no and w.seq >= asked.seq_from and w.seq <= asked.seq_to
      union all
     select null, null, null, true where exists (
            select from run_wait wait join run r on r.run_id = wait.for_run_id and r.state = 'open' where wait.run_id = any(:runIds::uuid[]))`,
    asked,
  );
  const withdrawn: readonly Withdrawn[] = rows.filter(({ mayBePutOff }) => !mayBePutOff);
  const putOff = rows.some(({ mayBePutOff }) => mayBePutOff) ? await findPutOff(db, ranges, asked) : [];
  return new Set([...withdrawn, ...putOff].map(({ runId, chunkNo, seq }) => `${runId}/${chunkNo}/${seq}`));
}

type Withdrawn = { readonly runId: string; readonly chunkNo: number; readonly seq: number };

const ASKED = `with asked as materialized (
       select * from unnest(:runIds::uuid[], :chunkNos::int[], :froms::int[], :tos::int[]) as asked (run_id, chunk_no, seq_from, seq_to))`;

/** Asked by itself, since hardly any run waits for a newer one: to plan it takes longer than all else that is asked of a slice. */
function findPutOff(
  db: Database,
  ranges: readonly SeqRange[],
  asked: Readonly<Record<string, readonly (string | number)[]>>,
): Promise<Withdrawn[]> {
  return query<Withdrawn>(
    db,
    `${ASKED},
     newer as materialized (
       select wait.run_id, wait.for_run_id
         from run_wait wait join run r on r.run_id = wait.for_run_id and r.state = 'open'
        where wait.run_id in (select run_id from asked)),
     put_off as materialized (
       select n.run_id, l.mobile_index from newer n join run_later l on l.run_id = n.for_run_id
        union select n.run_id, unnest(u.mobiles) from newer n join chunk u on u.run_id = n.for_run_id and u.state = 'waiting')
     select l.run_id as "runId", l.chunk_no as "chunkNo", l.seq
       from put_off p
       join ledger l on l.run_day = any(:runDays::date[]) and l.run_id = p.run_id and l.mobile_index = p.mobile_index
       join asked on asked.run_id = l.run_id and asked.chunk_no = l.chunk_no and l.seq >= asked.seq_from and l.seq <= asked.seq_to
      where l.fate = 'carrier' and l.template_key ~ '^(restored|partly)'
        and exists (select from message_state m
                     where m.run_day = any(:runDays::date[]) and m.run_day = l.run_day and m.run_id = l.run_id and m.chunk_no = l.chunk_no and m.seq = l.seq
                       and (m.state = 'ambiguous'
                            or (m.state in ('returned', 'deferred', 'blocked')
                                and (select count(*) from audience a where a.mobile_index = l.mobile_index) = 1)))`,
    { ...asked, runDays: [...new Set(ranges.map(({ runDay }) => runDay))] },
  );
}
