import { type Database, query, type Transaction } from '@bijli/postgres';
import type { ChunkKey } from '../chunks/claimed-chunk.ts';

/** Messages of one chunk that the provider accepted at their first send, all of so many parts. */
export type AcceptedPack = ChunkKey & {
  readonly runDay: string;
  readonly parts: number;
  readonly seqs: readonly number[];
  /** `parts` ids for each message, in order. */
  readonly messageIds: readonly string[];
};

/** Which flush of a process it is: one whose answer was lost is found committed when it is repeated. */
export type FlushKey = { readonly holderId: string; readonly flushNo: number };

/**
 * Adds packs of accepted messages and counts them, in one statement. The chunks are held for key share, so that none is taken over
 * meanwhile.
 * @returns the packs whose chunk this holder has lost, of which nothing was written.
 */
export async function recordAccepted(
  db: Database | Transaction,
  packs: readonly AcceptedPack[],
  { holderId, flushNo }: FlushKey,
  provider: string,
): Promise<AcceptedPack[]> {
  const places = placesOf(packs);
  const written = await query<{ n: string }>(
    db,
    `with fresh as (
       insert into holder as h (holder_id, beat, leased_until, outcome_flush) values (:holderId, 0, now(), :flushNo)
       on conflict (holder_id) do update set outcome_flush = excluded.outcome_flush where h.outcome_flush < excluded.outcome_flush
       returning 1),
     given as (
       select * from unnest(:runDays::date[], :runIds::uuid[], :chunkNos::int[], :epochs::int[], :parts::smallint[],
                            :froms::int[], :tos::int[], :idFroms::int[], :idTos::int[]) with ordinality
         as g (run_day, run_id, chunk_no, epoch, parts, seq_from, seq_to, id_from, id_to, n)),
     held as materialized (
       select g.* from given g join chunk c on c.run_id = g.run_id and c.chunk_no = g.chunk_no and c.epoch = g.epoch
        where exists (select from fresh) for key share of c),
     packed as (
       insert into accepted_pack (run_day, run_id, chunk_no, epoch, provider, recorded_at, parts, seqs, message_ids)
       select run_day, run_id, chunk_no, epoch, :provider, now(), parts, (:seqs::int[])[seq_from:seq_to], (:ids::text[])[id_from:id_to] from held),
     counted as (
       insert into count_change (run_day, run_id, chunk_no, measure, n)
       select run_day, run_id, chunk_no, measure, sum(n)
         from (select run_day, run_id, chunk_no, 'accepted' as measure, seq_to - seq_from + 1 as n from held
                union all select run_day, run_id, chunk_no, 'parts-accepted', id_to - id_from + 1 from held) each
        group by run_day, run_id, chunk_no, measure)
     select n::text as n from held`,
    {
      holderId,
      flushNo,
      provider,
      ...places,
      runDays: packs.map(({ runDay }) => runDay),
      runIds: packs.map(({ runId }) => runId),
      chunkNos: packs.map(({ chunkNo }) => chunkNo),
      epochs: packs.map(({ epoch }) => epoch),
      parts: packs.map(({ parts }) => parts),
      seqs: packs.flatMap(({ seqs }) => seqs),
      ids: packs.flatMap(({ messageIds }) => messageIds),
    },
  );
  const held = new Set(written.map(({ n }) => Number(n)));
  return packs.filter((_, at) => !held.has(at + 1));
}

/** Tells whether a flush was committed, though its answer was lost. */
export async function wasFlushed(db: Database, { holderId, flushNo }: FlushKey): Promise<boolean> {
  const [row] = await query<{ latest: string }>(
    db,
    'select outcome_flush::text as latest from holder where holder_id = :holderId',
    { holderId },
  );
  return row !== undefined && Number(row.latest) >= flushNo;
}

/** Where the seqs and ids of each pack lie in the arrays of all; PostgreSQL counts from 1 and includes the end. */
function placesOf(packs: readonly AcceptedPack[]) {
  const places: Record<'froms' | 'tos' | 'idFroms' | 'idTos', number[]> = {
    froms: [],
    tos: [],
    idFroms: [],
    idTos: [],
  };
  let [seqs, ids] = [0, 0];
  for (const pack of packs) {
    places.froms.push(seqs + 1);
    places.idFroms.push(ids + 1);
    seqs += pack.seqs.length;
    ids += pack.messageIds.length;
    places.tos.push(seqs);
    places.idTos.push(ids);
  }
  return places;
}
