import { copyIn, type Transaction } from '@bijli/postgres';

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

/** This function will add matched receipts by COPY, inside the caller's transaction. */
export async function recordReceipts(tx: Transaction, receipts: readonly MatchedReceipt[]): Promise<void> {
  if (receipts.length === 0) return;
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
