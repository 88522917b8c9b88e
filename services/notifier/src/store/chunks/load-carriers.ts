import { type Database, query } from '@bijli/postgres';
import type { TextRequest } from '../../domain/claim.ts';
import type { PersonalFacts } from '../../domain/personal-message.ts';
import type { ClaimedChunk } from './claimed-chunk.ts';

/** One text to send: to whom, and with which template. */
export type Carrier = TextRequest & {
  readonly seq: number;
  readonly sealedNumber: Buffer;
  readonly sealKeyId: string;
};

/** Reads the carriers of a chunk above a seq, or those named, in order of seq. */
export async function loadCarriers(
  db: Database,
  { runDay, runId, chunkNo, rangeFrom, rangeTo }: ClaimedChunk,
  { above, seqs }: { readonly above: number; readonly seqs: readonly number[] },
): Promise<Carrier[]> {
  // The range is the way to the rows: there is no index by chunk. Extra chunks and those who hear first have none, and are few.
  const rows = await query<CarrierRow>(
    db,
    `select seq, template_key, claim_no, coalesce(named_account, account_number) as account_number, sealed_number, seal_key_id, payload
       from ledger
      where run_day = :runDay::date and run_id = :runId and chunk_no = :chunkNo and fate = 'carrier'
        and (:rangeFrom::bigint is null or mobile_index >= :rangeFrom) and (:rangeTo::bigint is null or mobile_index <= :rangeTo)
        and (seq > :above or seq = any(:seqs::int[]))
      order by seq`,
    { runDay, runId, chunkNo, rangeFrom, rangeTo, above, seqs },
  );
  return rows.map(carrierOf);
}

const carrierOf = (row: CarrierRow): Carrier => ({
  seq: row.seq,
  templateKey: row.template_key,
  claimNo: row.claim_no,
  accountNumber: row.account_number,
  sealedNumber: row.sealed_number,
  sealKeyId: row.seal_key_id,
  facts: row.payload,
});

type CarrierRow = {
  readonly seq: number;
  readonly template_key: string;
  readonly claim_no: number | null;
  readonly account_number: string;
  readonly sealed_number: Buffer;
  readonly seal_key_id: string;
  readonly payload: PersonalFacts | null;
};
