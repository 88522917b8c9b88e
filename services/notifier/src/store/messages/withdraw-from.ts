import { execute, query, type Transaction } from '@bijli/postgres';
import { OUTAGE_KINDS } from '../../domain/message-states.ts';
import type { ContactKey } from '../../domain/who-may-hear-less.ts';
import { IS_REACHABLE } from '../audience/is-reachable.ts';

/** Name of the lock between expansions, which read who may be told, and changes after which somebody may not. */
const CONSENT_LOCK = `hashtext('consent')`;

/** Keeps who may be told as it is until the caller's transaction ends, as part of a statement before the one that reads it. */
export const KEEP_CONSENT = `pg_advisory_xact_lock_shared(${CONSENT_LOCK})`;

/**
 * Withdraws the texts that wait for contacts who may not be told any more, inside the transaction of the change, after it. A text that others
 * of its mobile may still hear goes to them. A chunk that is not expanded reads what is true then; one that is being expanded is waited for.
 */
export async function withdrawFrom(tx: Transaction, contacts: readonly ContactKey[]): Promise<void> {
  if (contacts.length === 0) return;
  await query(tx, `select pg_advisory_xact_lock(${CONSENT_LOCK})`);
  const runs = await query<{ runId: string; runDay: string }>(
    tx,
    `select run_id as "runId", to_char(run_day, 'YYYY-MM-DD') as "runDay" from run
      where ended_at is null and state in ('open', 'held')`,
  );
  if (runs.length === 0) return;
  await execute(
    tx,
    `insert into withdrawn_message (run_id, chunk_no, seq, reason)
     select distinct l.run_id, l.chunk_no, l.seq, 'not-to-be-told'
       from unnest(:connectionIds::uuid[], :contactNos::int[]) as k (connection_id, contact_no)
      cross join unnest(:runIds::uuid[], :runDays::date[]) as o (run_id, run_day)
       join ledger l on l.run_day = o.run_day and l.run_id = o.run_id and l.connection_id = k.connection_id and l.contact_no = k.contact_no
       join run r on r.run_id = l.run_id
       join chunk c on c.run_id = l.run_id and c.chunk_no = l.chunk_no and c.state = 'expanded'
      where l.run_day = any(:runDays::date[]) and l.seq is not null
        and not exists (
            select from ledger n
              join audience a on a.connection_id = n.connection_id and a.contact_no = n.contact_no and a.mobile_index = n.mobile_index
             where n.run_day = any(:runDays::date[]) and n.run_day = l.run_day and n.run_id = l.run_id and n.mobile_index = l.mobile_index
               and n.chunk_no = l.chunk_no and n.seq = l.seq
               and ${IS_REACHABLE('a')}
               and case when r.kind = any(:outageKinds::text[]) then a.wants_outages and a.connection_state = 'active'
                        when r.kind = 'complaint' then a.wants_complaints else a.wants_billing end)
     on conflict do nothing`,
    {
      connectionIds: contacts.map(({ connectionId }) => connectionId),
      contactNos: contacts.map(({ contactNo }) => contactNo),
      runIds: runs.map(({ runId }) => runId),
      runDays: runs.map(({ runDay }) => runDay),
      outageKinds: [...OUTAGE_KINDS],
    },
  );
}
