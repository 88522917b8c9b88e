import { execute, type Transaction } from '@bijli/postgres';
import { WITHDRAWN_FROM } from '../messages/withdraw-from.ts';
import type { BroadcastChunk } from './claimed-chunk.ts';

/**
 * Sets aside the rows of contacts who came with these mobiles, whose text was withdrawn before it left: they had another number then, or might not be
 * told. They are judged anew, under their own number; the row of the text that did not leave is kept under a number below 0. Inside the transaction
 * that expands an extra chunk, when all others of the run are done.
 */
export async function setAsideWithdrawn(
  tx: Transaction,
  { runDay, runId }: Pick<BroadcastChunk, 'runDay' | 'runId'>,
  mobiles: readonly string[],
): Promise<void> {
  await execute(
    tx,
    `update ledger l
        set contact_no = least(0, (select min(x.contact_no) from ledger x
                                    where x.run_day = :runDay::date and x.run_id = :runId and x.connection_id = l.connection_id)) - l.contact_no - 1
       from audience a
      where a.mobile_index = any(:mobiles::bigint[])
        and l.run_day = :runDay::date and l.run_id = :runId and l.connection_id = a.connection_id and l.contact_no = a.contact_no
        and exists (select from withdrawn_message w
                     where w.run_id = :runId and w.chunk_no = l.chunk_no and w.seq = l.seq and w.reason = '${WITHDRAWN_FROM}')
        and exists (select from message_state m
                     where m.run_day = :runDay::date and m.run_id = :runId and m.chunk_no = l.chunk_no and m.seq = l.seq and m.state = 'superseded')
        and not exists (select from message_state m
                         where m.run_day = :runDay::date and m.run_id = :runId and m.chunk_no = l.chunk_no and m.seq = l.seq
                           and m.state in ('accepted', 'ambiguous', 'in-doubt'))`,
    { runDay, runId, mobiles },
  );
}
