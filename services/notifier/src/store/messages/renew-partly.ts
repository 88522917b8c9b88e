import { type Database, query } from '@bijli/postgres';
import { ON_CLAIM } from '../chunks/expansion/claims.ts';
import type { MessageKey } from './find-settled.ts';

/** A row that says something else now than when it was written. */
export type RenewedRow = MessageKey & {
  readonly templateKey: string;
  readonly claimNo: number | null;
  readonly accountNumber: string;
};

/**
 * Lets texts that are about to leave, and say of some accounts of a mobile that they are off while others are back, say what is true now: that
 * those are back, where none is off any more, and which account is off, where it is another one. The accounts that are off may hang on outages that
 * do not meet the run of the text, so nothing else of what is new there looks at it. The ledger says what is sent.
 * @returns those of which the text changed.
 */
export async function renewPartly(db: Database, texts: readonly MessageKey[]): Promise<RenewedRow[]> {
  if (texts.length === 0) return [];
  return query<RenewedRow>(db, RENEW, {
    runDays: texts.map(({ runDay }) => runDay),
    runIds: texts.map(({ runId }) => runId),
    chunkNos: texts.map(({ chunkNo }) => chunkNo),
    seqs: texts.map(({ seq }) => seq),
  });
}

const IS_OFF = `exists (
  select from unnest(case when cardinality(w.path) > 0 then w.path else array[a.node_id] end) with ordinality as up (node_id, depth)
    join outage_node n on n.node_id = up.node_id and (up.depth = 1 or not n.is_own)
    join outage_now o on o.outage_id = n.outage_id and o.is_off)`;

const RENEW = `
  with asked as materialized (
    select l.run_day, l.run_id, l.chunk_no, l.seq, l.mobile_index
      from unnest(:runDays::date[], :runIds::uuid[], :chunkNos::int[], :seqs::int[]) as asked (run_day, run_id, chunk_no, seq)
      join ledger l on l.run_day = asked.run_day and l.run_id = asked.run_id and l.chunk_no = asked.chunk_no and l.seq = asked.seq
     where l.run_day = any(:runDays::date[]) and l.template_key like 'partly.%'),
  off as materialized (
    select a.mobile_index, min(a.account_number) as lowest, max(a.account_number) as highest
      from (select distinct mobile_index from asked) m
      join audience a on a.mobile_index = m.mobile_index and a.connection_state = 'active' and a.wants_outages
      left join network_node w on w.node_id = a.node_id
     where ${IS_OFF}
     group by a.mobile_index),
  back as materialized (
    select l.run_day, l.run_id, l.chunk_no, l.seq, l.mobile_index, min(l.account_number) as lowest, max(l.account_number) as highest
      from asked
      join ledger l on l.run_day = asked.run_day and l.run_id = asked.run_id and l.mobile_index = asked.mobile_index
                   and l.chunk_no = asked.chunk_no and l.seq = asked.seq
     where l.run_day = any(:runDays::date[]) and l.claim_no = ${ON_CLAIM}
     group by l.run_day, l.run_id, l.chunk_no, l.seq, l.mobile_index),
  now as (
    select b.run_day, b.run_id, b.chunk_no, b.seq, b.mobile_index, o.mobile_index is null as is_back,
           coalesce(o.lowest, b.lowest) as lowest, coalesce(o.highest, b.highest) as highest
      from back b left join off o on o.mobile_index = b.mobile_index)
  update ledger l
     set template_key = case when is_back then 'restored' else 'partly' end || case when lowest = highest then '.one.' else '.many.' end
                        || substring(l.template_key from '[^.]+$'),
         named_account = lowest
    from now
   where l.run_day = any(:runDays::date[]) and l.run_day = now.run_day and l.run_id = now.run_id and l.mobile_index = now.mobile_index
     and l.chunk_no = now.chunk_no and l.seq = now.seq and l.fate = 'carrier'
     and (is_back or (l.template_key like 'partly.one.%' and (lowest <> highest or lowest <> l.named_account)))
  returning to_char(l.run_day, 'YYYY-MM-DD') as "runDay", l.run_id as "runId", l.chunk_no as "chunkNo", l.seq, l.template_key as "templateKey",
            l.claim_no as "claimNo", l.named_account as "accountNumber"`;
