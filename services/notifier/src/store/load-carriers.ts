import type { Database } from '@bijli/postgres';
import type { PersonalFacts } from '../domain/personal-message.ts';

/** One text to send: to whom, and with which template. */
export type Carrier = {
  readonly seq: number;
  readonly templateKey: string;
  readonly accountNumber: string;
  readonly sealedNumber: Buffer;
  readonly sealKeyId: string;
  readonly mobileIndex: bigint;
  /** Null in a run with one payload for all. */
  readonly facts: PersonalFacts | null;
};

/** Reads the carriers of a chunk above its cursor, in order of seq. */
export async function loadCarriers(
  db: Database,
  chunk: { runDay: string; runId: string; chunkNo: number; cursor: number },
): Promise<Carrier[]> {
  const { rows } = (await db.raw(
    `select seq, template_key, account_number, sealed_number, seal_key_id, mobile_index, payload
       from ledger
      where run_day = cast(:runDay as date) and run_id = :runId and chunk_no = :chunkNo and fate = 'carrier' and seq > :cursor
      order by seq`,
    { runDay: chunk.runDay, runId: chunk.runId, chunkNo: chunk.chunkNo, cursor: chunk.cursor },
  )) as {
    rows: {
      seq: number;
      template_key: string;
      account_number: string;
      sealed_number: Buffer;
      seal_key_id: string;
      mobile_index: string;
      payload: PersonalFacts | null;
    }[];
  };
  return rows.map((row) => ({
    seq: row.seq,
    templateKey: row.template_key,
    accountNumber: row.account_number,
    sealedNumber: row.sealed_number,
    sealKeyId: row.seal_key_id,
    mobileIndex: BigInt(row.mobile_index),
    facts: row.payload,
  }));
}
