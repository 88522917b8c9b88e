import { istDay } from '@bijli/units';
import { execute, query, type SqlValues, type Transaction } from '@bijli/postgres';
import type { PersonalNews } from '../../domain/personal-message.ts';

/**
 * A text without an answer may still wait, even when it is written ahead: for the provider, or for sending to resume. The
 * sender asks before it writes (dispatch/send-next.ts); where the text has left by then, its withdrawal says nothing. :oldestDay as in the rows.
 */
export function WITHOUT_ANSWER(row: string): string {
  return `
  not exists (select from accepted_pack p
               where p.run_day >= :oldestDay::date and p.run_day = ${row}.run_day and p.run_id = ${row}.run_id and p.chunk_no = ${row}.chunk_no and ${row}.seq = any(p.seqs))
  and not exists (select from message_state t
                   where t.run_day >= :oldestDay::date and t.run_day = ${row}.run_day and t.run_id = ${row}.run_id and t.chunk_no = ${row}.chunk_no and t.seq = ${row}.seq
                     and t.state not in ('underway', 'returned', 'deferred', 'blocked'))`;
}

/**
 * The texts that wait, of the connections in hand. Looked up connection by connection (offset 0 keeps it so), whatever the
 * planner believes of a ledger that grows all day. Texts wait three days at most; older partitions need not be looked into.
 */
const WAITING = `
    from unnest(:connectionIds::uuid[], :versions::bigint[], :subjects::text[], :references::text[])
         as w (connection_id, version, subject, reference)
   cross join lateral (
         select l.run_day, l.run_id, l.chunk_no, l.seq
           from ledger l
          where l.connection_id = w.connection_id and l.subject is not null and l.subject = w.subject
            and (w.reference is null or w.reference = l.reference)
            and l.fate = 'carrier' and l.subject_version < w.version and l.run_day >= :oldestDay::date
         offset 0) l
    join chunk c on c.run_id = l.run_id and c.chunk_no = l.chunk_no
   where c.state <> 'done' and ${WITHOUT_ANSWER('l')}`;

/**
 * Holds still the runs in which texts wait that these news make false, inside the caller's transaction:
 * write-ahead.ts shares a lock on the same row, so what was told and what still waits cannot change any more.
 */
export async function lockWaiting(tx: Transaction, news: readonly PersonalNews[]): Promise<void> {
  const bindings = bindingsOf(news);
  if (bindings === null) return;
  await query(
    tx,
    `select from run r where r.run_id in (select l.run_id ${WAITING}) order by r.run_id for update`,
    bindings,
  );
}

/** Withdraws the texts that wait and that these news make false, inside the caller's transaction. */
export async function withdrawWaiting(tx: Transaction, news: readonly PersonalNews[]): Promise<void> {
  const bindings = bindingsOf(news);
  if (bindings === null) return;
  await execute(
    tx,
    `insert into withdrawn_message (run_id, chunk_no, seq, reason)
     select distinct l.run_id, l.chunk_no, l.seq, 'superseded' ${WAITING}
     on conflict do nothing`,
    bindings,
  );
}

/**
 * Withdraws the waiting answers to complaints that name an outage, inside the caller's transaction: what they say of it is
 * not true any more. There are few answers, so they are looked up first and by themselves (materialized, offset 0): joined
 * freely, the planner read all attempts of the day for each outage that ended during a large run, 36 s each time. An answer
 * that has left by now is withdrawn too, which says nothing.
 */
export async function withdrawAnswers(tx: Transaction, outageIds: readonly string[]): Promise<void> {
  await execute(
    tx,
    `with answer as materialized (
       select l.run_id, l.chunk_no, l.seq
         from ledger l
        where l.run_day >= :oldestDay::date and l.subject = 'complaint-answered' and l.payload ->> 'outageId' = any(:outageIds::text[])
          and l.fate = 'carrier')
     insert into withdrawn_message (run_id, chunk_no, seq, reason)
     select a.run_id, a.chunk_no, a.seq, 'superseded'
       from answer a
      cross join lateral (
            select from chunk c
             where c.run_id = a.run_id and c.chunk_no = a.chunk_no and c.state <> 'done'
            offset 0) c
     on conflict do nothing`,
    { outageIds, oldestDay: oldestWaitingDay() },
  );
}

function bindingsOf(news: readonly PersonalNews[]): SqlValues | null {
  const withdrawals = news.flatMap(({ connectionId, version, withdraws }) =>
    withdraws.map((withdrawal) => ({ connectionId, version, ...withdrawal })),
  );
  if (withdrawals.length === 0) return null;
  return {
    connectionIds: withdrawals.map((one) => one.connectionId),
    versions: withdrawals.map((one) => one.version),
    subjects: withdrawals.map((one) => one.subject),
    references: withdrawals.map((one) => one.reference),
    oldestDay: oldestWaitingDay(),
  };
}

/** Texts wait three days at most, and days begin at midnight. As a value, so that the planner leaves older partitions alone. */
function oldestWaitingDay(): string {
  return istDay(new Date(Date.now() - 5 * DAY_MS));
}
const DAY_MS = 86_400_000;
