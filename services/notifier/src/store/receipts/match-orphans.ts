import { execute, query, type Transaction } from '@bijli/postgres';
import type { ReceiptMode } from '../../domain/receipt-mode.ts';
import { type MatchedReceipt, recordReceipts } from './record-receipts.ts';
import { settleDoubtful } from './settle-doubtful.ts';

/** How orphans are matched. */
export type MatchOrphansInput = {
  /** Partition of the receipts that are added (civil date, India). */
  readonly arrivalDay: string;
  /** Messages of runs before this day are past every receipt (civil date, India). */
  readonly oldestRunDay: string;
  readonly mode: ReceiptMode;
  /** Pause before what matched nothing is looked up again, seconds; doubled with each try. */
  readonly againAfterSeconds: number;
};

/** How many orphans are matched in one transaction; after a restart as many wait as there are parts without a receipt. */
const ORPHANS_AT_ONCE = 20_000;

/** A receipt may come before the answer to its submit, by the time that the answer takes and by what two clocks differ. */
const MOST_AHEAD_SECONDS = 600;
/**
 * At first only what was sent within this time before the receipt is looked through; with each try one day more beside it, one after the other
 * and from the first again: a look at all days takes longer than a statement may, where millions were sent.
 */
const FIRST_LOOK_SECONDS = 3_600;
const DAYS = 9;
const DAY_MS = 86_400_000;
/** The pause is doubled so often at most: some 17 minutes where the first is a minute, as the look goes through days of what was sent. */
const MOST_DOUBLINGS = 4;

/**
 * Matches orphan receipts that are due with the messages that were accepted and moves those that fit to the receipts, counted there. Either
 * id may be the message's, the first before the other as in the book of receipts; one of the addresses must be the handset it went to; of an
 * id that was used twice the newest message is meant that was sent when the receipt came. Where one receipt speaks for all parts of a text, it
 * waits until each has its outcome. What no id matches may settle a message in doubt (settle-doubtful.ts). Those that were looked up least often
 * come first, in a transaction of their own. One replica at a time, inside the caller's transaction.
 * @returns how many were matched, and how many were looked at: there may be more unless it is none.
 */
export async function matchOrphans(
  tx: Transaction,
  { arrivalDay, oldestRunDay, mode, againAfterSeconds }: MatchOrphansInput,
): Promise<{ readonly matched: number; readonly looked: number }> {
  // Two that read the same orphans would both count them.
  await query(tx, `select pg_advisory_xact_lock(hashtext('match_orphans'))`);
  const due = await query<DueOrphan>(
    tx,
    `with due as (select * from orphan_receipt where given_up_at is null and due_at <= now())
     select orphan_id::text as orphan_id, tries, arrived_at from due
      where tries = (select min(tries) from due) order by due_at limit :most`,
    { most: ORPHANS_AT_ONCE },
  );
  if (due.length === 0) return { matched: 0, looked: 0 };
  const orphanIds = due.map(({ orphan_id }) => orphan_id);
  const rows = await query<FoundRow>(tx, FIND, {
    orphanIds,
    ...windowOf(due),
    oldestRunDay,
    mostAhead: MOST_AHEAD_SECONDS,
  });
  const countable = rows.filter(({ is_settled, parts }) => mode === 'all' || parts === 1 || is_settled);
  const found = new Set(rows.map(({ orphan_id }) => orphan_id));
  const settling = await settleDoubtful(tx, {
    orphanIds: orphanIds.filter((id) => !found.has(id)),
    arrivalDay,
    oldestRunDay,
    mostAheadSeconds: MOST_AHEAD_SECONDS,
  });
  await recordReceipts(
    tx,
    [...countable.map((row) => foundReceipt(row, arrivalDay)), ...settling.map(({ receipt }) => receipt)],
    mode,
  );
  const matched = [...countable.map(({ orphan_id }) => orphan_id), ...settling.map(({ orphanId }) => orphanId)];
  await execute(tx, 'delete from orphan_receipt where orphan_id = any(:matched::bigint[])', { matched });
  await execute(
    tx,
    `update orphan_receipt
        set tries = tries + 1, due_at = now() + make_interval(secs => :again::float8 * 2 ^ least(tries, :doublings::int))
      where orphan_id = any(:orphanIds::bigint[])`,
    { orphanIds, again: againAfterSeconds, doublings: MOST_DOUBLINGS },
  );
  return { matched: matched.length, looked: due.length };
}

type DueOrphan = { readonly orphan_id: string; readonly tries: number; readonly arrived_at: Date };

/** What is looked through for orphans of one number of tries: what was sent since `latest`, and from `from` until `to`. */
function windowOf(due: readonly DueOrphan[]): { latest: Date; from: Date; to: Date } {
  const times = due.map(({ arrived_at }) => arrived_at.getTime());
  const earliest = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const latest = times.reduce((most, time) => Math.max(most, time), 0);
  const [tries = 0] = due.map((one) => one.tries);
  const daysAgo = tries === 0 ? 0 : ((tries - 1) % DAYS) + 1;
  return {
    latest: new Date(earliest - FIRST_LOOK_SECONDS * 1_000),
    from: new Date(earliest - daysAgo * DAY_MS),
    to: new Date(latest - (daysAgo - 1) * DAY_MS),
  };
}

// The seq is taken out of its pack where an id has matched: to take one out of an array reads all of it.
// Materialized: one list of names, hashed by provider and id. Joined side by side the planner, which knows little of orphans, compared each
// of them with each message. The handset is looked up by itself (offset 0): by day and run it would be a look at the whole run for each.
const FIND = `
  with due as materialized (select * from orphan_receipt where orphan_id = any(:orphanIds::bigint[])),
  named as materialized (
    select o.*, o.provider_message_id as message_id, false as is_other from due o
     union all
    select o.*, o.other_message_id, true from due o where o.other_message_id is not null),
  sent as (
    select p.run_day, p.run_id, p.chunk_no, p.provider, p.recorded_at, p.parts, p.seqs, ((i.n - 1) / p.parts + 1)::int as at,
           (i.n - 1) % p.parts + 1 as part_no, i.id, p.parts as accepted_parts, true as is_settled
      from accepted_pack p cross join unnest(p.message_ids) with ordinality as i (id, n)
     where p.run_day >= :oldestRunDay::date
       and (p.recorded_at >= :latest::timestamptz or (p.recorded_at >= :from::timestamptz and p.recorded_at < :to::timestamptz))
     union all
    select s.run_day, s.run_id, s.chunk_no, s.provider, s.recorded_at, cardinality(s.message_ids), array[s.seq], 1, i.n, i.id,
           cardinality(array_remove(s.message_ids, null)),
           exists (select from message_state f
                    where f.run_day >= :oldestRunDay::date and f.run_day = s.run_day and f.run_id = s.run_id and f.chunk_no = s.chunk_no and f.seq = s.seq
                      and f.state not in ('underway', 'returned', 'deferred', 'blocked'))
      from message_state s cross join unnest(s.message_ids) with ordinality as i (id, n)
     where s.run_day >= :oldestRunDay::date and i.id is not null
       and (s.recorded_at >= :latest::timestamptz or (s.recorded_at >= :from::timestamptz and s.recorded_at < :to::timestamptz)))
  select distinct on (o.orphan_id) o.orphan_id::text as orphan_id, o.arrived_at, o.provider, o.stat, o.error_code,
         to_char(m.run_day, 'YYYY-MM-DD') as run_day, m.run_id, m.chunk_no, m.seqs[m.at] as seq, m.part_no::int as part_no, m.parts::int as parts,
         m.accepted_parts::int as accepted_parts, m.is_settled, c.part_stride
    from named o
    join sent m on m.provider = o.provider and m.id = o.message_id
    join chunk c on c.run_id = m.run_id and c.chunk_no = m.chunk_no
   where o.arrived_at > m.recorded_at - make_interval(secs => :mostAhead)
     and exists (select from (select l.run_day, l.chunk_no, l.seq, l.fate
                                from ledger l
                               where l.run_day >= :oldestRunDay::date and l.run_id = m.run_id
                                 and l.mobile_index in (o.mobile_index, o.other_mobile_index) offset 0) l
                  where l.run_day = m.run_day and l.chunk_no = m.chunk_no and l.seq = m.seqs[m.at] and l.fate = 'carrier')
   order by o.orphan_id, o.is_other, m.recorded_at desc`;

/** Gives up the orphans that came before an instant, inside the caller's transaction. */
export async function giveUpOrphans(tx: Transaction, before: Date): Promise<void> {
  await execute(
    tx,
    'update orphan_receipt set given_up_at = now() where given_up_at is null and arrived_at < :before',
    { before },
  );
}

/** Counts the orphans that still wait. */
export async function countOrphans(tx: Transaction): Promise<number> {
  const [counted] = await query<{ n: number }>(
    tx,
    'select count(*)::int as n from orphan_receipt where given_up_at is null',
  );
  return counted?.n ?? 0;
}

type FoundRow = {
  readonly orphan_id: string;
  readonly arrived_at: Date;
  readonly provider: string;
  readonly stat: string;
  readonly error_code: string | null;
  readonly run_day: string;
  readonly run_id: string;
  readonly chunk_no: number;
  readonly seq: number;
  readonly part_no: number;
  readonly parts: number;
  readonly accepted_parts: number;
  readonly is_settled: boolean;
  readonly part_stride: number;
};

function foundReceipt(row: FoundRow, arrivalDay: string): MatchedReceipt {
  return {
    arrivalDay,
    arrivedAt: row.arrived_at,
    provider: row.provider,
    stat: row.stat,
    errorCode: row.error_code,
    runDay: row.run_day,
    runId: row.run_id,
    chunkNo: row.chunk_no,
    partStride: row.part_stride,
    seq: row.seq,
    partNo: row.part_no,
    parts: row.parts,
    acceptedParts: row.accepted_parts,
  };
}
