import { copyIn, query, type Transaction } from '@bijli/postgres';
import type { ReceiptMode } from '../domain/receipt-mode.ts';
import { STATS } from '../domain/receipt-state.ts';

/** A receipt with the message part it belongs to. */
export type MatchedReceipt = {
  readonly arrivalDay: string;
  readonly arrivedAt: Date;
  readonly provider: string;
  readonly providerMessageId: string;
  readonly stat: string;
  readonly errorCode: string | null;
  readonly runDay: string;
  readonly runId: string;
  readonly chunkNo: number;
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

const RECEIPT = [
  'arrival_day',
  'arrived_at',
  'provider',
  'provider_message_id',
  'stat',
  'error_code',
  'run_day',
  'run_id',
  'chunk_no',
  'seq',
  'part_no',
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

/** Counts and adds matched receipts, the latter by COPY, inside the caller's transaction. */
export async function recordReceipts(
  tx: Transaction,
  receipts: readonly MatchedReceipt[],
  mode: ReceiptMode,
): Promise<void> {
  if (receipts.length === 0) return;
  await lockChunks(tx, receipts);
  await countEnds(tx, receipts, mode);
  await copyIn(
    tx,
    'receipt',
    RECEIPT,
    receipts.map((r) => [
      r.arrivalDay,
      r.arrivedAt,
      r.provider,
      r.providerMessageId,
      r.stat,
      r.errorCode,
      r.runDay,
      r.runId,
      r.chunkNo,
      r.seq,
      r.partNo,
    ]),
  );
}

/**
 * Lets one transaction at a time record receipts of a chunk: two that come on two binds, or to two replicas, would both find
 * none before them. In order, so that none waits for another in a ring. A lock for each message would be more than the
 * server's table of locks holds.
 */
async function lockChunks(tx: Transaction, receipts: readonly MatchedReceipt[]): Promise<void> {
  const chunks = new Set(receipts.map(({ runId, chunkNo }) => `${runId}/${chunkNo}`));
  await query(
    tx,
    `select pg_advisory_xact_lock(hashtext('receipts'), key)
       from (select distinct hashtext(chunk) as key from unnest(?::text[]) chunk order by key) locked`,
    [[...chunks]],
  );
}

/**
 * Adds the end of each message part to the counts, once: the first known one, and until that comes the first in a word of
 * the carrier's own. The receipts that are stored already decide what is first, not the memory of a process: repeats come
 * on another bind, or after one that had matched nothing. Where one receipt speaks for all parts of a text, it counts for
 * as many as were accepted: in the mode `any` whichever comes first, in the mode `last` that of the last part.
 */
async function countEnds(tx: Transaction, receipts: readonly MatchedReceipt[], mode: ReceiptMode): Promise<void> {
  const telling = mode === 'last' ? receipts.filter(({ partNo, parts }) => partNo === parts) : receipts;
  if (telling.length === 0) return;
  const isAny = mode === 'any';
  await tx.raw(COUNT_ENDS, {
    isAny,
    delivered: STATS.delivered,
    known: [...STATS.delivered, ...STATS.failed],
    underway: STATS.underway,
    stats: telling.map((r) => r.stat),
    runDays: telling.map((r) => r.runDay),
    runIds: telling.map((r) => r.runId),
    chunkNos: telling.map((r) => r.chunkNo),
    seqs: telling.map((r) => r.seq),
    partNos: telling.map((r) => (isAny ? 0 : r.partNo)),
    counts: telling.map((r) => (mode === 'all' ? 1 : r.acceptedParts)),
  });
}

// The lateral join looks receipts up message by message, through receipt_by_message.
const COUNT_ENDS = `
  with ended as (
    select distinct on (a.run_id, a.chunk_no, a.seq, a.part_no) a.*, a.stat = any(cast(:known as text[])) as is_known
      from unnest(cast(:stats as text[]), cast(:runDays as date[]), cast(:runIds as uuid[]), cast(:chunkNos as int[]),
                  cast(:seqs as int[]), cast(:partNos as smallint[]), cast(:counts as int[]))
           with ordinality as a (stat, run_day, run_id, chunk_no, seq, part_no, n, place)
     where a.stat <> all(cast(:underway as text[]))
     order by a.run_id, a.chunk_no, a.seq, a.part_no, a.stat = any(cast(:known as text[])) desc, a.place),
  judged as (
    select e.*, before.stat as counted_stat, before.is_known as counted_is_known
      from ended e
      left join lateral (
           select r.stat, r.stat = any(cast(:known as text[])) as is_known
             from receipt r
            where r.arrival_day >= e.run_day and r.run_id = e.run_id and r.chunk_no = e.chunk_no and r.seq = e.seq
              and (cast(:isAny as bool) or r.part_no = e.part_no) and r.stat <> all(cast(:underway as text[]))
            order by 2 desc, r.arrived_at, r.stat
            limit 1) before on true),
  counted as (
    select run_id, chunk_no, n,
           case when stat = any(cast(:delivered as text[])) then 'receipts-delivered'
                when is_known then 'receipts-failed'
                else 'receipts-other:' || stat end as measure
      from judged
     where counted_stat is null or (is_known and not counted_is_known)
     union all
    select run_id, chunk_no, -n, 'receipts-other:' || counted_stat
      from judged
     where is_known and not counted_is_known)
  insert into count_delta (run_id, chunk_no, measure, n)
  select run_id, chunk_no, measure, sum(n) from counted group by run_id, chunk_no, measure`;

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
