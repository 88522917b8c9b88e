import { execute, type Transaction } from '@bijli/postgres';
import { WITHOUT_ANSWER } from './withdraw-messages.ts';
import type { PersonalKind, PersonalMessage } from '../../domain/personal-message.ts';

/** The run that the rows belong to; its only chunk has the number 1. */
export type PersonalRows = {
  readonly runId: string;
  readonly runDay: string;
  readonly kind: PersonalKind;
  /** At most one message per connection. */
  readonly messages: readonly PersonalMessage[];
};

/**
 * Writes the ledger rows of a personal run: every contact of every connection, with its fate. The
 * payload stands on the row; seq counts the texts of the chunk from 1. After lockWaiting in the same transaction, so that
 * what was told stays what it is.
 * @returns how many contacts the run concerns.
 */
export async function insertPersonalRows(
  tx: Transaction,
  { runId, runDay, kind, messages }: PersonalRows,
): Promise<number> {
  const asksWhatWasTold = messages.some(({ onlyIfTold }) => onlyIfTold !== null);
  const consent = kind === 'complaint' ? 'wants_complaints' : 'wants_billing';
  return execute(tx, INSERT[consent][asksWhatWasTold ? 'correction' : 'news'], {
    runId,
    runDay,
    connectionIds: messages.map((message) => message.connectionId),
    subjects: messages.map((message) => message.subject),
    references: messages.map((message) => message.reference),
    versions: messages.map((message) => message.version),
    families: messages.map((message) => message.family),
    payloads: messages.map((message) => JSON.stringify(message.facts)),
    undoneBy: messages.map((message) => message.undoneBy),
    overtakenBy: messages.map((message) => message.overtakenBy),
    toldSubjects: messages.map((message) => message.onlyIfTold?.subject ?? null),
    ...(asksWhatWasTold ? { oldestDay: dayBefore(runDay, KEPT_DAYS) } : {}),
  });
}

/**
 * A bill that was paid or cancelled meanwhile, or a payment that was reversed, is not told any more, however late it comes; nor that
 * either was taken back, once it came again. Texts wait three days at most.
 */
const IS_FALSE_BY_NOW = `
  (m.undone_by is not null or m.overtaken_by is not null) and exists (
    select from ledger l
     where l.connection_id = m.connection_id and l.subject is not null
       and (l.subject = m.overtaken_by or (l.subject = m.undone_by and l.reference = m.reference))
       and l.subject_version > m.version and l.run_day >= :runDay::date - 4)`;

const NOT_SENT = (row: string): string => `
  exists (select from message_state t
           where t.run_day >= :oldestDay::date and t.run_day = ${row}.run_day and t.run_id = ${row}.run_id and t.chunk_no = ${row}.chunk_no and t.seq = ${row}.seq
             and t.state in ('rejected', 'superseded', 'stale', 'unrenderable'))`;

/** A correction that had no answer when what it corrects came again was withdrawn by that, or is with these news. */
const WAS_WITHDRAWN = `
  exists (select from ledger again
           where again.run_day >= :oldestDay::date and again.connection_id = other.connection_id and again.subject is not null and again.subject = m.told_subject
             and again.reference = m.reference and again.subject_version > other.subject_version
             and again.subject_version < m.version)
  and ${WITHOUT_ANSWER('other')}`;

/**
 * What was taken back before and came again counts from then: what was told of the time before is corrected already, unless that
 * correction did not go out.
 */
const WAS_TOLD = `
  exists (
    select from ledger l join chunk c on c.run_id = l.run_id and c.chunk_no = l.chunk_no
     where l.run_day >= :oldestDay::date and l.connection_id = m.connection_id and l.contact_no = a.contact_no and l.subject is not null and l.subject = m.told_subject
       and l.reference = m.reference and l.subject_version < m.version and l.seq <= c.cursor
       and not exists (select from ledger other
                        where other.run_day >= :oldestDay::date and other.connection_id = l.connection_id and other.contact_no = l.contact_no
                          and other.subject is not null and other.subject = m.subject
                          and other.reference = m.reference and other.subject_version > l.subject_version
                          and other.subject_version < m.version and other.fate <> 'skipped'
                          and not ${NOT_SENT('other')} and not (${WAS_WITHDRAWN}))
       and not ${NOT_SENT('l')})`;

// The lateral join with its offset: contacts are looked up one by one, where the planner would read a whole audience for a few hundred.
// Materialized, since the reason would be found anew wherever it is named.
const insertFor = (consent: 'wants_billing' | 'wants_complaints', isCorrection: boolean) => `
  with message as (
    select *
      from unnest(:connectionIds::uuid[], :subjects::text[], :references::text[],
                  :versions::bigint[], :families::text[], :payloads::text[],
                  :undoneBy::text[], :overtakenBy::text[], :toldSubjects::text[])
           with ordinality as m (connection_id, subject, reference, version, family, payload, undone_by, overtaken_by, told_subject, n)),
  judged as materialized (
    select m.*, a.contact_no, a.mobile_index, a.account_number, a.language, a.sealed_number, a.seal_key_id,
           case when not a.${consent} then 'purpose-refused'
                when a.number_state = 'malformed' then 'number-malformed'
                when a.sealed_number is null then 'no-number'
                when a.number_state in ('suspect', 'revoked', 'quarantined') then 'number-' || a.number_state
                when ${IS_FALSE_BY_NOW} then 'superseded'
                ${isCorrection ? `when m.told_subject is not null and not ${WAS_TOLD} then 'not-told'` : ''}
           end as reason
      from message m cross join lateral (select * from audience a where a.connection_id = m.connection_id offset 0) a)
  insert into ledger (run_day, run_id, connection_id, contact_no, mobile_index, chunk_no, seq, fate, reason, template_key,
                      language, account_number, sealed_number, seal_key_id, subject, reference, subject_version, payload)
  select :runDay::date, :runId::uuid, connection_id, contact_no, mobile_index, 1, seq,
         case when reason is not null then 'skipped' when nth = 1 then 'carrier' else 'coalesced' end, reason,
         case when reason is null and nth = 1 then family || '.' || language end,
         language, account_number, sealed_number, seal_key_id, subject, reference, version, cast(payload as jsonb)
    from (
      select j.*,
             case when reason is null then dense_rank() over (partition by reason is null order by n, mobile_index) end as seq,
             row_number() over (partition by n, mobile_index, reason is null order by contact_no) as nth
        from judged j) ranked`;

// Only corrections look at what was told long ago: a payment that is heard costs the same after a year.
const INSERT = {
  wants_billing: { news: insertFor('wants_billing', false), correction: insertFor('wants_billing', true) },
  wants_complaints: { news: insertFor('wants_complaints', false), correction: insertFor('wants_complaints', true) },
} as const;

/** A correction of what was told longer ago is not told: the day is gone (keep-days.ts). */
const KEPT_DAYS = 90;

function dayBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
}
