import { query, type Transaction } from '@bijli/postgres';
import { FURTHEST_FIRST } from '../messages/furthest-first.ts';
import { recordStates } from '../messages/record-states.ts';
import type { MatchedReceipt } from './record-receipts.ts';

/** Where receipts that no id matches are looked for. */
export type DoubtfulInput = {
  readonly orphanIds: readonly string[];
  /** Partition of the receipts that are added, and the first day of runs that may still have any (civil dates, India). */
  readonly arrivalDay: string;
  readonly oldestRunDay: string;
  readonly mostAheadSeconds: number;
};

/** A receipt that settled a message, with the orphan that it was. */
export type SettlingReceipt = { readonly orphanId: string; readonly receipt: MatchedReceipt };

/**
 * Settles messages in doubt by receipts that no id matches: the id of a message whose answer nobody heard is known to nobody. A receipt fits
 * when exactly one message in doubt went to its handset before it came; that message was accepted, under the ids that its receipts name, and
 * does not go once more. Inside the caller's transaction.
 */
export async function settleDoubtful(tx: Transaction, input: DoubtfulInput): Promise<SettlingReceipt[]> {
  const { orphanIds, oldestRunDay, mostAheadSeconds } = input;
  const rows = await query<DoubtfulRow>(tx, FIND, { orphanIds, oldestRunDay, mostAheadSeconds });
  if (rows.length === 0) return [];
  const messages = [...Map.groupBy(rows, ({ runId, chunkNo, seq }) => `${runId}/${chunkNo}/${seq}`).values()];
  await recordStates(
    tx,
    messages.flatMap((of) => {
      const [row] = of;
      if (row === undefined) return [];
      const { runDay, runId, chunkNo, seq, sendNo, epoch, provider } = row;
      const common = {
        runDay,
        runId,
        chunkNo,
        seq,
        sendNo,
        epoch,
        provider,
        commandStatus: null,
        recordedAt: new Date(),
      };
      return [{ ...common, state: 'accepted' as const, messageIds: idsOf(of) }];
    }),
  );
  return messages.flatMap((of) => of.map((row) => settling(row, idsOf(of), input.arrivalDay)));
}

/** Ids of the parts, in the order in which their receipts came. */
const idsOf = (rows: readonly DoubtfulRow[]): string[] => [...new Set(rows.map(({ messageId }) => messageId))];

function settling(row: DoubtfulRow, ids: readonly string[], arrivalDay: string): SettlingReceipt {
  const { arrivedAt, provider, stat, errorCode, runDay, runId, chunkNo, partStride, seq } = row;
  const partNo = ids.indexOf(row.messageId) + 1;
  const parts = { partNo, parts: ids.length, acceptedParts: ids.length };
  return {
    orphanId: row.orphanId,
    receipt: { arrivalDay, arrivedAt, provider, stat, errorCode, runDay, runId, chunkNo, partStride, seq, ...parts },
  };
}

type DoubtfulRow = {
  readonly orphanId: string;
  readonly arrivedAt: Date;
  readonly provider: string;
  readonly messageId: string;
  readonly stat: string;
  readonly errorCode: string | null;
  readonly runDay: string;
  readonly runId: string;
  readonly chunkNo: number;
  readonly partStride: number;
  readonly epoch: number;
  readonly seq: number;
  readonly sendNo: number;
};

// Runs with something in doubt are few; each orphan is looked up in them by its handset.
const FIND = `
  with doubtful as materialized (
    select distinct run_day, run_id from message_state where run_day >= :oldestRunDay::date and state in ('ambiguous', 'in-doubt')),
  met as materialized (
    select o.orphan_id, o.arrived_at, o.provider, o.provider_message_id, o.stat, o.error_code, l.run_day, l.run_id, l.chunk_no, l.seq, s.send_no
      from orphan_receipt o
     cross join doubtful d
     cross join lateral (select l.run_day, l.run_id, l.chunk_no, l.seq
                           from ledger l
                          where l.run_day >= :oldestRunDay::date and l.run_day = d.run_day and l.run_id = d.run_id
                            and l.mobile_index in (o.mobile_index, o.other_mobile_index) and l.fate = 'carrier' offset 0) l
     cross join lateral (select s.state, s.send_no, s.recorded_at
                           from message_state s
                          where s.run_day >= :oldestRunDay::date and s.run_day = l.run_day and s.run_id = l.run_id and s.chunk_no = l.chunk_no and s.seq = l.seq
                          order by ${FURTHEST_FIRST('s')}
                          limit 1) s
     where o.orphan_id = any(:orphanIds::bigint[]) and o.given_up_at is null and s.state in ('ambiguous', 'in-doubt')
       and o.arrived_at > s.recorded_at - make_interval(secs => :mostAheadSeconds::float8)
       and not exists (select from accepted_pack p
                        where p.run_day >= :oldestRunDay::date and p.run_day = l.run_day and p.run_id = l.run_id and p.chunk_no = l.chunk_no and l.seq = any(p.seqs)))
  select m.orphan_id::text as "orphanId", m.arrived_at as "arrivedAt", m.provider, m.provider_message_id as "messageId", m.stat,
         m.error_code as "errorCode", to_char(m.run_day, 'YYYY-MM-DD') as "runDay", m.run_id as "runId", m.chunk_no as "chunkNo",
         c.part_stride as "partStride", c.epoch, m.seq, m.send_no as "sendNo"
    from met m join chunk c on c.run_id = m.run_id and c.chunk_no = m.chunk_no
   where (select count(*) from met other where other.orphan_id = m.orphan_id) = 1
   order by m.arrived_at, m.orphan_id`;
