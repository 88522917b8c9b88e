import type { Transaction } from '@bijli/postgres';
import type { TemplateFamilies } from '../domain/template-families.ts';
import type { BroadcastChunk } from './claim-chunk.ts';
import { IN_CHUNK, rangeBindings } from './in-chunk.ts';
import { TOLD_IN_CHUNK, TOLD_NEAR_CHUNK } from './told.ts';

/** How many contacts came out of the expansion with one fate: `carrier`, `coalesced` or `skipped:<reason>`. */
export type ExpandedContacts = {
  readonly measure: string;
  readonly n: number;
};

/** A moved return time is told again only when it differs by more than this from what the mobile was last told (ADR 0004). */
const ESTIMATE_THRESHOLD_MINUTES = 30;

/**
 * Writes the ledger rows of a chunk: every contact of its range, with its fate (PROTOCOL.md, step 5):
 * number, language and consent are read here and nowhere else. One mobile has one carrier, the contact of the lowest
 * account number; seq counts the mobiles of the chunk from 1. Inside the caller's transaction.
 * @returns how many contacts met each fate.
 */
export async function expandChunk(
  tx: Transaction,
  chunk: BroadcastChunk,
  families: TemplateFamilies,
): Promise<ExpandedContacts[]> {
  const { rows } = (await tx.raw(chunk.kind === 'restored' ? FROM_TOLD : FROM_SCOPE, {
    runId: chunk.runId,
    runDay: chunk.runDay,
    chunkNo: chunk.chunkNo,
    threadId: chunk.threadId,
    revision: chunk.revision,
    told: families.told,
    ...rangeBindings(chunk),
    ...(chunk.kind === 'restored'
      ? {}
      : {
          untold: families.untold,
          estimate: chunk.facts.estimatedRestorationAt,
          thresholdMinutes: ESTIMATE_THRESHOLD_MINUTES,
        }),
  })) as { rows: ExpandedContacts[] };
  return rows;
}

/** Writes what was judged, after a `with judged as (…)`: seq counts the mobiles that get a text, the carrier is the first row of its mobile. */
const WRITE = `,
  written as (
  insert into ledger (run_day, run_id, connection_id, contact_no, mobile_index, chunk_no, seq, fate, reason,
                      template_key, language, account_number, is_critical, sealed_number, seal_key_id)
  select cast(:runDay as date), cast(:runId as uuid), connection_id, contact_no, mobile_index, cast(:chunkNo as int), seq,
         case when reason is not null then 'skipped' when nth = 1 then 'carrier' else 'coalesced' end,
         reason,
         case when reason is null and nth = 1
              then family || case when lowest_account = highest_account then '.one.' else '.many.' end || language end,
         language, account_number, is_critical, sealed_number, seal_key_id
    from (
      select j.*,
             case when reason is null then dense_rank() over (partition by reason is null order by mobile_index) end as seq,
             row_number() over by_mobile as nth,
             first_value(account_number) over by_mobile as lowest_account,
             last_value(account_number) over (by_mobile range between unbounded preceding and unbounded following) as highest_account
        from judged j
      window by_mobile as (partition by mobile_index, reason is null order by account_number, contact_no)) ranked
  returning fate, reason)
  select case when fate = 'skipped' then 'skipped:' || reason else fate end as measure, cast(count(*) as int) as n
    from written group by 1`;

const FROM_SCOPE = `
  with told_mobile as materialized (
    select distinct on (x.mobile_index) x.mobile_index, x.told_estimate
      from (${TOLD_NEAR_CHUNK}) x
     order by x.mobile_index, x.revision desc),
  judged as (
    select x.*, case when t.mobile_index is null then cast(:untold as text) else cast(:told as text) end as family,
           case when x.connection_state <> 'active' then 'not-active'
                when not x.wants_outages then 'purpose-refused'
                when x.number_state = 'malformed' then 'number-malformed'
                when x.sealed_number is null then 'no-number'
                when x.number_state in ('suspect', 'revoked', 'quarantined') then 'number-' || x.number_state
                when abs(extract(epoch from cast(:estimate as timestamptz) - t.told_estimate)) <= 60 * cast(:thresholdMinutes as int) then 'no-change'
           end as reason
      from run_scope s
      join audience x on x.node_id = s.node_id
      left join told_mobile t on t.mobile_index = x.mobile_index
     where s.run_id = :runId and ${IN_CHUNK})${WRITE}`;

const FROM_TOLD = `
  with judged as (
    select distinct on (x.connection_id, x.contact_no, x.mobile_index)
           x.connection_id, x.contact_no, x.mobile_index, x.account_number, x.is_critical, x.language, x.sealed_number, x.seal_key_id,
           cast(:told as text) as family, cast(null as text) as reason
      from (${TOLD_IN_CHUNK}) x
     order by x.connection_id, x.contact_no, x.mobile_index, x.revision desc)${WRITE}`;
