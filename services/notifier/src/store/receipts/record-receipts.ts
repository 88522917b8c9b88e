import { copyIn, execute, query, type Transaction } from '@bijli/postgres';
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
  const chunks = Map.groupBy(receipts, ({ runId, chunkNo }) => `${runId}/${chunkNo}`);
  // Before the lock: PostgreSQL ends no COPY whose holder stands still, so what is locked then stays so.
  await addPacks(tx, receipts);
  const before = await lockEnds(
    tx,
    [...chunks.values()].flatMap((of) => of.slice(0, 1)),
  );
  const counts: CountDelta[] = [];
  const after: (EndsRow & CountedEnds)[] = [];
  for (const row of before) {
    const of = chunks.get(`${row.runId}/${row.chunkNo}`) ?? [];
    const counted = countEnds(row, endsOf(of, mode));
    const { runDay, runId, chunkNo } = row;
    for (const [measure, n] of counted.counts) counts.push({ runDay, runId, chunkNo, measure, n });
    counts.push(...(await takeBack(tx, row, counted.replaced, of[0]?.partStride ?? 1)));
    if (counted.counts.size > 0) after.push({ ...row, ...counted });
  }
  await keepEnds(tx, after);
  await addCounts(tx, counts);
}

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

type EndsRow = {
  readonly runDay: string;
  readonly runId: string;
  readonly chunkNo: number;
  readonly known: Buffer;
  readonly other: Buffer;
};

/** Locks what was counted of chunks, in one order, so that two replicas count one after the other. */
async function lockEnds(tx: Transaction, chunks: readonly MatchedReceipt[]): Promise<EndsRow[]> {
  const keys = {
    runDays: chunks.map(({ runDay }) => runDay),
    runIds: chunks.map(({ runId }) => runId),
    chunkNos: chunks.map(({ chunkNo }) => chunkNo),
  };
  await execute(
    tx,
    `insert into chunk_end (run_day, run_id, chunk_no)
     select * from unnest(:runDays::date[], :runIds::uuid[], :chunkNos::int[]) as c (run_day, run_id, chunk_no)
      order by run_id, chunk_no on conflict do nothing`,
    keys,
  );
  return query<EndsRow>(
    tx,
    `select to_char(e.run_day, 'YYYY-MM-DD') as "runDay", e.run_id as "runId", e.chunk_no as "chunkNo", e.known, e.other
       from chunk_end e
       join unnest(:runDays::date[], :runIds::uuid[], :chunkNos::int[]) as c (run_day, run_id, chunk_no)
         on e.run_day = c.run_day and e.run_id = c.run_id and e.chunk_no = c.chunk_no
      where e.run_day = any(:runDays::date[])
      order by e.run_id, e.chunk_no for update of e`,
    keys,
  );
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

async function addPacks(tx: Transaction, receipts: readonly MatchedReceipt[]): Promise<void> {
  const alike = Map.groupBy(receipts, (r) =>
    [r.arrivalDay, r.provider, r.runId, r.chunkNo, r.partNo, r.stat, r.errorCode ?? ''].join('\u0001'),
  );
  await copyIn(
    tx,
    'receipt_pack',
    PACK,
    [...alike.values()].flatMap((of) => {
      const [r] = of;
      if (r === undefined) return [];
      const seqs = `{${of.map(({ seq }) => seq).join(',')}}`;
      return [
        [r.arrivalDay, r.arrivedAt, r.provider, r.stat, r.errorCode, r.runDay, r.runId, r.chunkNo, r.partNo, seqs],
      ];
    }),
  );
}

const PACK = [
  'arrival_day',
  'arrived_at',
  'provider',
  'stat',
  'error_code',
  'run_day',
  'run_id',
  'chunk_no',
  'part_no',
  'seqs',
];
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
