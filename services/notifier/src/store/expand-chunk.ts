import type { Transaction } from '@bijli/postgres';
import type { TemplateFamilies } from '../domain/template-families.ts';
import type { ClaimedChunk } from './claim-chunk.ts';
import { TOLD } from './told.ts';

/** How a contact came out of the expansion. */
export interface ExpandedContact {
  fate: 'carrier' | 'coalesced' | 'skipped';
  reason: string | null;
}

/** A moved return time is told again only when it differs by more than this from what the mobile was last told (domain.md). */
const ESTIMATE_THRESHOLD_MINUTES = 30;

/**
 * This function will write the ledger rows of a chunk: every contact of its range, with its fate. Line 3 of the protocol:
 * number, language and consent are read here and nowhere else. One mobile has one carrier, the contact of the lowest
 * account number; seq counts the mobiles of the chunk from 1. Inside the caller's transaction.
 * @returns a row per contact.
 */
export async function expandChunk(
  tx: Transaction,
  chunk: ClaimedChunk,
  families: TemplateFamilies,
): Promise<ExpandedContact[]> {
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
  })) as { rows: ExpandedContact[] };
  return rows;
}

/** This function will give the bindings that IN_CHUNK needs. */
export function rangeBindings(chunk: Pick<ClaimedChunk, 'rangeFrom' | 'rangeTo'>): Record<string, string | boolean> {
  return { isFirst: chunk.rangeFrom === null, rangeFrom: chunk.rangeFrom ?? '0', rangeTo: chunk.rangeTo ?? '0' };
}

/** Whether a mobile belongs to the chunk: chunk 0 is those who hear first, the others are ranges without them. */
export const IN_CHUNK = `
  case when cast(:isFirst as bool)
       then x.mobile_index in (select f.mobile_index from run_first f where f.run_id = :runId)
       else x.mobile_index >= cast(:rangeFrom as bigint) and x.mobile_index <= cast(:rangeTo as bigint)
            and x.mobile_index not in (select f.mobile_index from run_first f where f.run_id = :runId) end`;

/** Numbers the ledger gives: seq per mobile that gets a text, the carrier first among the rows of its mobile. */
const WRITE = `
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
  returning fate, reason`;

const FROM_SCOPE = `
  with told_mobile as materialized (
    select distinct on (x.mobile_index) x.mobile_index, x.told_estimate
      from (${TOLD}) x where ${IN_CHUNK}
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
     where s.run_id = :runId and ${IN_CHUNK})
  ${WRITE}`;

const FROM_TOLD = `
  with judged as (
    select distinct on (x.connection_id, x.contact_no, x.mobile_index)
           x.connection_id, x.contact_no, x.mobile_index, x.account_number, x.is_critical, x.language, x.sealed_number, x.seal_key_id,
           cast(:told as text) as family, cast(null as text) as reason
      from (${TOLD}) x where ${IN_CHUNK}
     order by x.connection_id, x.contact_no, x.mobile_index, x.revision desc)
  ${WRITE}`;
