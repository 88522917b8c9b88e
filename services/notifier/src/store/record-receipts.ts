import { copyIn, type Transaction } from '@bijli/postgres';
import { FINAL_STATS } from '../domain/receipt-state.ts';

/** A receipt with the message part it belongs to. */
export interface MatchedReceipt {
  arrivalDay: string;
  arrivedAt: Date;
  provider: string;
  providerMessageId: string;
  stat: string;
  errorCode: string | null;
  runDay: string;
  runId: string;
  chunkNo: number;
  seq: number;
  partNo: number;
}

/** A receipt that matched nothing yet. The blind index of its handset is kept, never the number. */
export interface OrphanReceipt {
  arrivedAt: Date;
  provider: string;
  providerMessageId: string;
  stat: string;
  errorCode: string | null;
  mobileIndex: bigint | null;
}

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
const ORPHAN = ['arrived_at', 'provider', 'provider_message_id', 'stat', 'error_code', 'mobile_index'];

/** This function will count and add matched receipts, the latter by COPY, inside the caller's transaction. */
export async function recordReceipts(tx: Transaction, receipts: readonly MatchedReceipt[]): Promise<void> {
  if (receipts.length === 0) return;
  await countFirstFinals(tx, receipts);
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
 * Adds each first final receipt of a message part to the counts. The receipts that are stored already decide what is
 * first, not the memory of a process: repeats come on another bind, or after one that had matched nothing.
 */
async function countFirstFinals(tx: Transaction, receipts: readonly MatchedReceipt[]): Promise<void> {
  await tx.raw(
    `insert into count_delta (run_id, chunk_no, measure, n)
     select run_id, chunk_no, measure, count(*)
       from (select distinct on (a.run_id, a.chunk_no, a.seq, a.part_no) a.run_id, a.chunk_no,
                    case when a.stat = any(cast(:delivered as text[])) then 'receipts-delivered' else 'receipts-failed' end as measure
               from unnest(cast(:stats as text[]), cast(:runDays as date[]), cast(:runIds as uuid[]), cast(:chunkNos as int[]),
                           cast(:seqs as int[]), cast(:partNos as smallint[]))
                    with ordinality as a (stat, run_day, run_id, chunk_no, seq, part_no, place)
              where a.stat = any(cast(:finals as text[]))
                and not exists (select from receipt r
                                 where r.arrival_day >= a.run_day and r.run_id = a.run_id and r.chunk_no = a.chunk_no
                                   and r.seq = a.seq and r.part_no = a.part_no and r.stat = any(cast(:finals as text[])))
              order by a.run_id, a.chunk_no, a.seq, a.part_no, a.place) first_final
      group by run_id, chunk_no, measure`,
    {
      delivered: FINAL_STATS.delivered,
      finals: [...FINAL_STATS.delivered, ...FINAL_STATS.failed],
      stats: receipts.map((r) => r.stat),
      runDays: receipts.map((r) => r.runDay),
      runIds: receipts.map((r) => r.runId),
      chunkNos: receipts.map((r) => r.chunkNo),
      seqs: receipts.map((r) => r.seq),
      partNos: receipts.map((r) => r.partNo),
    },
  );
}

/** This function will keep receipts that matched nothing, by COPY, inside the caller's transaction. */
export async function keepOrphans(tx: Transaction, orphans: readonly OrphanReceipt[]): Promise<void> {
  if (orphans.length === 0) return;
  await copyIn(
    tx,
    'orphan_receipt',
    ORPHAN,
    orphans.map((o) => [o.arrivedAt, o.provider, o.providerMessageId, o.stat, o.errorCode, o.mobileIndex]),
  );
}
