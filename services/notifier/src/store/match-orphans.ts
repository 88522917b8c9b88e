import { query, type Transaction } from '@bijli/postgres';
import type { ReceiptMode } from '../domain/receipt-mode.ts';
import { type MatchedReceipt, recordReceipts } from './record-receipts.ts';

/** How orphans are matched. */
export type MatchOrphansInput = {
  /** Partition of the receipts that are added (civil date, India). */
  readonly arrivalDay: string;
  /** Messages of runs before this day are past every receipt (civil date, India). */
  readonly oldestRunDay: string;
  readonly mode: ReceiptMode;
};

/** How many orphans are matched in one transaction; after a restart as many wait as there are parts without a receipt. */
export const ORPHANS_AT_ONCE = 20_000;

/** A receipt may come before the answer to its submit, by the time that the answer takes and by what two clocks differ. */
const MOST_AHEAD_SECONDS = 600;

/**
 * Matches orphan receipts with the attempts of the ledger and moves those that fit to the receipts,
 * counted there. Either id may be the message's, the first before the other as in the book of receipts; one of the addresses must be the handset it went to; of an id that was
 * used twice the newest message is meant that was sent when the receipt came. Where one receipt speaks for all parts of a text, it waits until each has its outcome. One replica at a time, inside the caller's transaction.
 * @returns how many were matched; there may be more when it is ORPHANS_AT_ONCE.
 */
export async function matchOrphans(tx: Transaction, input: MatchOrphansInput): Promise<number> {
  // Two that read the same orphans would both count them.
  await tx.raw(`select pg_advisory_xact_lock(hashtext('match_orphans'))`);
  // Materialized: one list of names, hashed by provider and id. Joined side by side the planner, which knows little of
  // orphans, compared each of them with each attempt.
  const { rows } = (await tx.raw(
    `with named as materialized (
       select o.*, o.provider_message_id as message_id, false as is_other from orphan_receipt o where o.given_up_at is null
        union all
       select o.*, o.other_message_id, true from orphan_receipt o where o.given_up_at is null and o.other_message_id is not null)
     select distinct on (o.orphan_id) o.orphan_id, o.arrived_at, o.provider, o.provider_message_id, o.stat, o.error_code,
            to_char(a.run_day, 'YYYY-MM-DD') as run_day, a.run_id, a.chunk_no, a.seq, a.part_no
       from named o
       join attempt a on a.provider = o.provider and a.provider_message_id = o.message_id
       join ledger l on l.run_day = a.run_day and l.run_id = a.run_id and l.chunk_no = a.chunk_no and l.seq = a.seq
                    and l.fate = 'carrier' and l.mobile_index in (o.mobile_index, o.other_mobile_index)
      where a.outcome = 'accepted' and a.run_day >= cast(:oldestRunDay as date)
        and o.arrived_at > a.recorded_at - make_interval(secs => :mostAhead)
      order by o.orphan_id, o.is_other, a.recorded_at desc
      limit :most`,
    { oldestRunDay: input.oldestRunDay, mostAhead: MOST_AHEAD_SECONDS, most: ORPHANS_AT_ONCE },
  )) as { rows: FoundRow[] };
  if (rows.length === 0) return 0;
  const texts = input.mode === 'all' ? null : await findSettled(tx, rows);
  const countable = texts === null ? rows : rows.filter((row) => texts.has(messageOf(row)));
  await recordReceipts(
    tx,
    countable.map((row) => foundReceipt(row, input.arrivalDay, texts?.get(messageOf(row)))),
    input.mode,
  );
  await tx.raw('delete from orphan_receipt where orphan_id = any(cast(:orphanIds as bigint[]))', {
    orphanIds: countable.map((row) => row.orphan_id),
  });
  return countable.length;
}

/** Counts the parts, and those that were accepted, of the texts that the found attempts belong to; of those that are settled. */
async function findSettled(tx: Transaction, rows: readonly FoundRow[]): Promise<ReadonlyMap<string, TextParts>> {
  const counted = await query<Pick<FoundRow, 'run_id' | 'chunk_no' | 'seq'> & TextParts>(
    tx,
    `select a.run_id, a.chunk_no, a.seq, cast(max(a.part_no) as int) as parts,
            cast(count(*) filter (where a.outcome = 'accepted') as int) as "acceptedParts"
       from (select distinct * from unnest(?::date[], ?::uuid[], ?::int[], ?::int[]) as m (run_day, run_id, chunk_no, seq)) m
       join attempt a on a.run_day = m.run_day and a.run_id = m.run_id and a.chunk_no = m.chunk_no and a.seq = m.seq
      group by a.run_id, a.chunk_no, a.seq
     having bool_or(a.settles is not null)`,
    [
      rows.map((row) => row.run_day),
      rows.map((row) => row.run_id),
      rows.map((row) => row.chunk_no),
      rows.map((row) => row.seq),
    ],
  );
  return new Map(counted.map((row) => [messageOf(row), { parts: row.parts, acceptedParts: row.acceptedParts }]));
}

type TextParts = Pick<MatchedReceipt, 'parts' | 'acceptedParts'>;

function messageOf({ run_id, chunk_no, seq }: Pick<FoundRow, 'run_id' | 'chunk_no' | 'seq'>): string {
  return `${run_id}/${chunk_no}/${seq}`;
}

/** Gives up the orphans that came before an instant, inside the caller's transaction. */
export async function giveUpOrphans(tx: Transaction, before: Date): Promise<void> {
  await tx.raw('update orphan_receipt set given_up_at = now() where given_up_at is null and arrived_at < :before', {
    before,
  });
}

/** Counts the orphans that still wait. */
export async function countOrphans(tx: Transaction): Promise<number> {
  const { rows } = (await tx.raw(
    'select cast(count(*) as int) as n from orphan_receipt where given_up_at is null',
  )) as { rows: { n: number }[] };
  return rows[0]?.n ?? 0;
}

type FoundRow = {
  readonly orphan_id: string;
  readonly arrived_at: Date;
  readonly provider: string;
  readonly provider_message_id: string;
  readonly stat: string;
  readonly error_code: string | null;
  readonly run_day: string;
  readonly run_id: string;
  readonly chunk_no: number;
  readonly seq: number;
  readonly part_no: number;
};

function foundReceipt(
  row: FoundRow,
  arrivalDay: string,
  text = { parts: row.part_no, acceptedParts: 1 },
): MatchedReceipt {
  return {
    arrivalDay,
    arrivedAt: row.arrived_at,
    provider: row.provider,
    providerMessageId: row.provider_message_id,
    stat: row.stat,
    errorCode: row.error_code,
    runDay: row.run_day,
    runId: row.run_id,
    chunkNo: row.chunk_no,
    seq: row.seq,
    partNo: row.part_no,
    ...text,
  };
}
