import { copyIn, execute, query, type Transaction } from '@bijli/postgres';
import { gatherAlike } from '../../domain/gather-alike.ts';
import type { ReceiptMode } from '../../domain/receipt-mode.ts';
import { type CountedEnds, countEnds, type ReceiptEnd } from '../../domain/receipt-ends.ts';
import { STATS } from '../../domain/receipt-state.ts';
import { addCounts, type CountDelta } from '../messages/add-counts.ts';

/** A receipt with the message part it belongs to. */
export type MatchedReceipt = {
  readonly arrivalDay: string;
  readonly arrivedAt: Date;
  readonly provider: string;
  readonly stat: string;
  readonly errorCode: string | null;
  readonly runDay: string;
  readonly runId: string;
  readonly chunkNo: number;
  /** Places that the parts of one message take in the chunk's ends. */
  readonly partStride: number;
  readonly seq: number;
  readonly partNo: number;
  /** Parts of the whole text. */
  readonly parts: number;
  /** Those of them that were accepted. */
  readonly acceptedParts: number;
};

/** A receipt that matched nothing yet, with all by which it may. The blind indexes of its addresses are kept, never a number. */
export type OrphanReceipt = {
  readonly arrivedAt: Date;
  readonly provider: string;
  readonly providerMessageId: string;
  readonly otherMessageId: string | null;
  readonly stat: string;
  readonly errorCode: string | null;
  readonly mobileIndex: bigint | null;
  readonly otherMobileIndex: bigint | null;
};

/** Adds and counts matched receipts, inside the caller's transaction: those of one chunk that say the same are one row. */
export async function recordReceipts(
  tx: Transaction,
  receipts: readonly MatchedReceipt[],
  mode: ReceiptMode,
): Promise<void> {
  if (receipts.length === 0) return;
  const ofChunk = gatherAlike(receipts, isOfOneChunk);
  const before = await addPacks(tx, receipts, ofChunk);
  const byKey = new Map(ofChunk.map((of) => [keyOf(of[0] as MatchedReceipt), of]));
  const counts: CountDelta[] = [];
  const after: (EndsRow & CountedEnds)[] = [];
  for (const row of before) {
    const of = byKey.get(keyOf(row)) ?? [];
    const counted = countEnds(row, endsOf(of, mode));
    const { runDay, runId, chunkNo } = row;
    for (const [measure, n] of counted.counts) counts.push({ runDay, runId, chunkNo, measure, n });
    counts.push(...(await takeBack(tx, row, counted.replaced, of[0]?.partStride ?? 1)));
    if (counted.counts.size > 0) after.push({ ...row, ...counted });
  }
  await keepEnds(tx, after);
  await addCounts(tx, counts);
}

const keyOf = ({ runId, chunkNo }: ChunkKey): string => `${runId}/${chunkNo}`;
const isOfOneChunk = (one: MatchedReceipt, other: MatchedReceipt): boolean =>
  one.chunkNo === other.chunkNo && one.runId === other.runId;

/**
 * The places that receipts speak of. Where one receipt speaks for all parts of a text, it counts for as many as were accepted: in the mode
 * `any` whichever comes first, in the mode `last` that of the last part.
 */
function endsOf(receipts: readonly MatchedReceipt[], mode: ReceiptMode): ReceiptEnd[] {
  const telling = mode === 'last' ? receipts.filter(({ partNo, parts }) => partNo === parts) : receipts;
  return telling.map(({ seq, partNo, partStride, stat, acceptedParts }) => ({
    place: (seq - 1) * partStride + (mode === 'any' ? 0 : Math.min(partNo, partStride) - 1),
    stat,
    parts: mode === 'all' ? 1 : acceptedParts,
  }));
}

type ChunkKey = { readonly runId: string; readonly chunkNo: number };
type EndsRow = ChunkKey & {
  readonly runDay: string;
  readonly known: Buffer;
  readonly other: Buffer;
};

/**
 * Adds the rows of receipts, and locks what was counted of their chunks, in one order, so that two replicas count one after the other.
 * @returns what was counted, of each chunk.
 */
async function addPacks(
  tx: Transaction,
  receipts: readonly MatchedReceipt[],
  ofChunk: readonly (readonly MatchedReceipt[])[],
): Promise<EndsRow[]> {
  const packs = gatherAlike(receipts, saySame);
  const firsts = packs.flatMap((of) => of.slice(0, 1));
  const chunks = chunkKeys(ofChunk.flatMap((of) => of.slice(0, 1)));
  const known = await query<EndsRow>(
    tx,
    `with packed as (
       insert into receipt_pack (arrival_day, arrived_at, provider, stat, error_code, run_day, run_id, chunk_no, part_no, seqs)
       select arrival_day, arrived_at, provider, stat, error_code, run_day, run_id, chunk_no, part_no, (:seqs::int[])[seq_from:seq_to]
         from unnest(:arrivalDays::date[], :arrivedAts::timestamptz[], :providers::text[], :stats::text[], :errorCodes::text[],
                     :packDays::date[], :packRuns::uuid[], :packChunks::int[], :partNos::smallint[], :froms::int[], :tos::int[])
              as p (arrival_day, arrived_at, provider, stat, error_code, run_day, run_id, chunk_no, part_no, seq_from, seq_to))
     ${LOCK_ENDS}`,
    {
      ...chunks,
      arrivalDays: firsts.map(({ arrivalDay }) => arrivalDay),
      arrivedAts: firsts.map(({ arrivedAt }) => arrivedAt.toISOString()),
      providers: firsts.map(({ provider }) => provider),
      stats: firsts.map(({ stat }) => stat),
      errorCodes: firsts.map(({ errorCode }) => errorCode),
      packDays: firsts.map(({ runDay }) => runDay),
      packRuns: firsts.map(({ runId }) => runId),
      packChunks: firsts.map(({ chunkNo }) => chunkNo),
      partNos: firsts.map(({ partNo }) => partNo),
      seqs: packs.flatMap((of) => of.map(({ seq }) => seq)),
      ...placesOf(packs),
    },
  );
  return known.length === ofChunk.length ? known : openEnds(tx, chunks);
}

const saySame = (one: MatchedReceipt, other: MatchedReceipt): boolean =>
  isOfOneChunk(one, other) &&
  one.stat === other.stat &&
  one.partNo === other.partNo &&
  one.errorCode === other.errorCode &&
  one.arrivalDay === other.arrivalDay &&
  one.provider === other.provider;

/** Where the seqs of each pack lie in the array of all; PostgreSQL counts from 1 and includes the end. */
function placesOf(packs: readonly (readonly MatchedReceipt[])[]) {
  const [froms, tos]: [number[], number[]] = [[], []];
  let seqs = 0;
  for (const pack of packs) {
    froms.push(seqs + 1);
    seqs += pack.length;
    tos.push(seqs);
  }
  return { froms, tos };
}

type ChunkKeys = ReturnType<typeof chunkKeys>;

const chunkKeys = (chunks: readonly MatchedReceipt[]) => ({
  runDays: chunks.map(({ runDay }) => runDay),
  runIds: chunks.map(({ runId }) => runId),
  chunkNos: chunks.map(({ chunkNo }) => chunkNo),
});

const LOCK_ENDS = `
     select to_char(e.run_day, 'YYYY-MM-DD') as "runDay", e.run_id as "runId", e.chunk_no as "chunkNo", e.known, e.other
       from chunk_end e
       join unnest(:runDays::date[], :runIds::uuid[], :chunkNos::int[]) as c (run_day, run_id, chunk_no)
         on e.run_day = c.run_day and e.run_id = c.run_id and e.chunk_no = c.chunk_no
      where e.run_day = any(:runDays::date[])
      order by e.run_id, e.chunk_no for update of e`;

/** Begins the counts of chunks that had no receipt yet, and locks those of all. */
async function openEnds(tx: Transaction, chunks: ChunkKeys): Promise<EndsRow[]> {
  await execute(
    tx,
    `insert into chunk_end (run_day, run_id, chunk_no)
     select * from unnest(:runDays::date[], :runIds::uuid[], :chunkNos::int[]) as c (run_day, run_id, chunk_no)
      order by run_id, chunk_no on conflict do nothing`,
    chunks,
  );
  return query<EndsRow>(tx, LOCK_ENDS, chunks);
}

async function keepEnds(tx: Transaction, rows: readonly (EndsRow & CountedEnds)[]): Promise<void> {
  if (rows.length === 0) return;
  await execute(
    tx,
    `update chunk_end e set known = decode(c.known, 'hex'), other = decode(c.other, 'hex')
       from unnest(:runDays::date[], :runIds::uuid[], :chunkNos::int[], :knowns::text[], :others::text[])
            as c (run_day, run_id, chunk_no, known, other)
      where e.run_day = any(:runDays::date[]) and e.run_day = c.run_day and e.run_id = c.run_id and e.chunk_no = c.chunk_no`,
    {
      runDays: rows.map(({ runDay }) => runDay),
      runIds: rows.map(({ runId }) => runId),
      chunkNos: rows.map(({ chunkNo }) => chunkNo),
      knowns: rows.map(({ known }) => known.toString('hex')),
      others: rows.map(({ other }) => other.toString('hex')),
    },
  );
}

/** Takes back the words of the carrier's own that known ends take the place of: the first that was stored of each part. */
async function takeBack(
  tx: Transaction,
  { runDay, runId, chunkNo }: EndsRow,
  replaced: readonly ReceiptEnd[],
  partStride: number,
): Promise<CountDelta[]> {
  if (replaced.length === 0) return [];
  const words = await query<{ place: number; stat: string }>(
    tx,
    `select distinct on (place) place, stat
       from (select (seq - 1) * :partStride::int + least(p.part_no, :partStride::int) - 1 as place, p.stat, p.arrived_at
               from receipt_pack p cross join unnest(p.seqs) as seq
              where p.arrival_day >= :runDay::date and p.run_id = :runId and p.chunk_no = :chunkNo) each
      where place = any(:places::int[]) and stat <> all(:known::text[])
      order by place, arrived_at`,
    { runDay, runId, chunkNo, partStride, places: replaced.map(({ place }) => place), known: KNOWN_WORDS },
  );
  const word = new Map(words.map(({ place, stat }) => [place, stat]));
  return replaced.map(({ place, parts }) => ({
    runDay,
    runId,
    chunkNo,
    measure: `receipts-other:${word.get(place) ?? ''}`,
    n: word.has(place) ? -parts : 0,
  }));
}

/** Words that are no end in a word of the carrier's own. */
const KNOWN_WORDS: readonly string[] = Object.values(STATS).flat();

const ORPHAN = [
  'arrived_at',
  'provider',
  'provider_message_id',
  'other_message_id',
  'stat',
  'error_code',
  'mobile_index',
  'other_mobile_index',
];

/** Keeps receipts that matched nothing, by COPY, inside the caller's transaction. */
export async function keepOrphans(tx: Transaction, orphans: readonly OrphanReceipt[]): Promise<void> {
  if (orphans.length === 0) return;
  await copyIn(
    tx,
    'orphan_receipt',
    ORPHAN,
    orphans.map((o) => [
      o.arrivedAt,
      o.provider,
      o.providerMessageId,
      o.otherMessageId,
      o.stat,
      o.errorCode,
      o.mobileIndex,
      o.otherMobileIndex,
    ]),
  );
}
