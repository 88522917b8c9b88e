import type { Transaction } from '@bijli/postgres';

/** How orphans are matched. */
export interface MatchOrphansInput {
  /** Partition of the receipts that are added (civil date, India). */
  arrivalDay: string;
  /** Orphans older than this are given up. */
  giveUpBefore: Date;
}

/**
 * This function will match orphan receipts with the attempts of the ledger, move those that fit to the receipts, count
 * them once per message part, and give up the old ones. The handset must be the one the message went to. One statement
 * per step, inside the caller's transaction. @returns how many were matched.
 */
export async function matchOrphans(tx: Transaction, input: MatchOrphansInput): Promise<number> {
  const { rowCount } = (await tx.raw(
    `with found as materialized (
       select o.*, a.run_day, a.run_id, a.chunk_no, a.seq, a.part_no
         from orphan_receipt o
         join attempt a on a.provider = o.provider and a.provider_message_id = o.provider_message_id
         join ledger l on l.run_day = a.run_day and l.run_id = a.run_id and l.chunk_no = a.chunk_no and l.seq = a.seq
                      and l.fate = 'carrier' and l.mobile_index = o.mobile_index
        where o.given_up_at is null and a.outcome = 'accepted'),
     taken as (delete from orphan_receipt where orphan_id in (select orphan_id from found)),
     news as (
       select f.run_id, f.chunk_no, min(case when f.stat = 'DELIVRD' then 'receipts-delivered' else 'receipts-failed' end) as measure
         from found f
        where f.stat in ('DELIVRD', 'EXPIRED', 'DELETED', 'UNDELIV', 'REJECTD')
          and not exists (select from receipt r
                           where r.run_id = f.run_id and r.chunk_no = f.chunk_no and r.seq = f.seq and r.part_no = f.part_no
                             and r.stat in ('DELIVRD', 'EXPIRED', 'DELETED', 'UNDELIV', 'REJECTD'))
        group by f.run_id, f.chunk_no, f.seq, f.part_no),
     counted as (
       insert into count_delta (run_id, chunk_no, measure, n)
       select run_id, chunk_no, measure, count(*) from news group by run_id, chunk_no, measure)
     insert into receipt (arrival_day, arrived_at, provider, provider_message_id, stat, error_code, run_day, run_id, chunk_no, seq, part_no)
     select cast(:arrivalDay as date), arrived_at, provider, provider_message_id, stat, error_code, run_day, run_id, chunk_no, seq, part_no
       from found`,
    { arrivalDay: input.arrivalDay },
  )) as { rowCount: number };
  await tx.raw('update orphan_receipt set given_up_at = now() where given_up_at is null and arrived_at < :before', {
    before: input.giveUpBefore,
  });
  return rowCount;
}

/** This function will count the orphans that still wait. */
export async function countOrphans(tx: Transaction): Promise<number> {
  const { rows } = (await tx.raw(
    'select cast(count(*) as int) as n from orphan_receipt where given_up_at is null',
  )) as { rows: { n: number }[] };
  return rows[0]?.n ?? 0;
}
