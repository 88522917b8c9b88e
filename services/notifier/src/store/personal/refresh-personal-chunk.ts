import { execute, query, type Transaction } from '@bijli/postgres';
import { IS_REACHABLE } from '../audience/is-reachable.ts';
import { KEEP_CONSENT } from '../messages/withdraw-from.ts';
import type { ClaimedChunk } from '../chunks/claimed-chunk.ts';
import type { ExpandedContacts } from '../chunks/expand-broadcast.ts';

/**
 * Brings the rows of a personal chunk up to date at its first claim: number and language are those of
 * now, and a contact that may not be told any more is withdrawn; who shared the text of one that has another number now, or may not be told,
 * gets one of its own. Rows are updated only where something changed since they
 * were planned, which is rare. Inside the caller's transaction.
 * @returns how many contacts met each fate.
 */
export async function refreshPersonalChunk(tx: Transaction, chunk: ClaimedChunk): Promise<ExpandedContacts[]> {
  const bindings = { runDay: chunk.runDay, runId: chunk.runId, chunkNo: chunk.chunkNo };
  await query(tx, `select ${KEEP_CONSENT}`);
  const lane = chunk.kind === 'complaint' ? 'complaint' : 'billing';
  await execute(tx, PART[lane], bindings);
  await execute(tx, MOVE, bindings);
  await execute(tx, WITHDRAW[lane], bindings);
  const contacts = await query<ExpandedContacts>(tx, COUNT, bindings);
  const carriers = contacts.find(({ measure }) => measure === 'carrier')?.n ?? 0;
  await execute(
    tx,
    `update chunk set state = 'expanded', carriers = :carriers, told_no = nextval('chunk_told_no') where run_id = :runId and chunk_no = :chunkNo`,
    { runId: chunk.runId, chunkNo: chunk.chunkNo, carriers },
  );
  return contacts;
}

const THIS_CHUNK = `l.run_day = :runDay::date and l.run_id = :runId and l.chunk_no = :chunkNo`;

const MOVE = `
  update ledger l
     set mobile_index = a.mobile_index, sealed_number = a.sealed_number, seal_key_id = a.seal_key_id, language = a.language,
         template_key = left(l.template_key, -length(l.language)) || a.language
    from audience a
   where ${THIS_CHUNK} and l.fate = 'carrier' and a.connection_id = l.connection_id and a.contact_no = l.contact_no
     and a.sealed_number is not null
     and (a.mobile_index, a.language, a.seal_key_id) is distinct from (l.mobile_index, l.language, l.seal_key_id)`;

const partFor = (consent: 'wants_billing' | 'wants_complaints') => `
  with sharing as materialized (
    select distinct l.seq from ledger l where ${THIS_CHUNK} and l.fate = 'coalesced'),
  member as materialized (
    select l.connection_id, l.contact_no, l.seq, l.fate, l.template_key, l.language as written_in,
           a.mobile_index, a.sealed_number, a.seal_key_id, a.language, coalesce(${IS_REACHABLE('a')} and a.${consent}, false) as may_be_told
      from ledger l join sharing s on s.seq = l.seq
      left join audience a on a.connection_id = l.connection_id and a.contact_no = l.contact_no
     where ${THIS_CHUNK}),
  alone as (
    select m.*, left(c.template_key, -length(c.written_in)) || m.language as own_template,
           (select max(l.seq) from ledger l where ${THIS_CHUNK}) + dense_rank() over (order by m.seq, m.mobile_index) as own_seq,
           row_number() over (partition by m.seq, m.mobile_index order by m.contact_no) as place
      from member m join member c on c.seq = m.seq and c.fate = 'carrier'
     where m.fate = 'coalesced' and m.may_be_told and not (c.may_be_told and c.mobile_index = m.mobile_index)
       and not exists (select from withdrawn_message w where w.run_id = :runId and w.chunk_no = :chunkNo and w.seq = m.seq))
  update ledger l
     set seq = n.own_seq, fate = case n.place when 1 then 'carrier' else 'coalesced' end,
         template_key = case n.place when 1 then n.own_template end,
         mobile_index = n.mobile_index, sealed_number = n.sealed_number, seal_key_id = n.seal_key_id, language = n.language
    from alone n
   where ${THIS_CHUNK} and l.connection_id = n.connection_id and l.contact_no = n.contact_no`;

const PART = { billing: partFor('wants_billing'), complaint: partFor('wants_complaints') } as const;

const withdrawFor = (consent: 'wants_billing' | 'wants_complaints') => `
  insert into withdrawn_message (run_id, chunk_no, seq, reason)
  select l.run_id, l.chunk_no, l.seq, 'not-to-be-told'
    from ledger l left join audience a on a.connection_id = l.connection_id and a.contact_no = l.contact_no
   where ${THIS_CHUNK} and l.fate = 'carrier'
     and not coalesce(${IS_REACHABLE('a')} and a.${consent}, false)
  on conflict do nothing`;

const WITHDRAW = { billing: withdrawFor('wants_billing'), complaint: withdrawFor('wants_complaints') } as const;

const COUNT = `
  select case when l.fate = 'skipped' then 'skipped:' || l.reason else l.fate end as measure, cast(count(*) as int) as n
    from ledger l where ${THIS_CHUNK} group by 1`;
