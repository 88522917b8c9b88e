import { type Database, query } from '@bijli/postgres';

/** One personal text, or why there was none, to one contact. */
export type PersonalMessageView = {
  readonly runId: string;
  readonly subject: string;
  readonly reference: string;
  readonly contactNo: number;
  readonly language: string;
  readonly fate: string;
  readonly reason: string | null;
  /** What became of the text; null while it waits. */
  readonly outcome: string | null;
  readonly plannedAt: Date;
  readonly traceparent: string | null;
};

/** Finds what the contacts of a connection were told of their bills, payments and complaints, newest first. */
export async function findPersonalMessages(
  db: Database,
  { connectionId, reference, limit }: { connectionId: string; reference: string | null; limit: number },
): Promise<PersonalMessageView[]> {
  return query<PersonalMessageView>(
    db,
    `select l.run_id as "runId", l.subject, l.reference, l.contact_no as "contactNo", l.language, l.fate, l.reason,
            coalesce((select case t.state when 'ambiguous' then 'in-doubt' else t.state end
                        from message_state t
                       where t.run_day = l.run_day and t.run_id = l.run_id and t.chunk_no = l.chunk_no and t.seq = l.seq
                         and t.state not in ('underway', 'returned', 'deferred', 'blocked')
                       order by t.state = 'accepted' desc, t.send_no desc, t.state = 'ambiguous' limit 1),
                     (select 'accepted' from accepted_pack p
                       where p.run_day = l.run_day and p.run_id = l.run_id and p.chunk_no = l.chunk_no and l.seq = any(p.seqs)),
                     -- What a chunk leaves unsent above its cursor ends without a state of its own (dispatch/close.ts).
                     (select case r.state when 'superseded' then 'superseded' else 'stale' end from chunk c
                       where c.run_id = l.run_id and c.chunk_no = l.chunk_no and c.state = 'done' and l.seq > c.cursor)) as outcome,
            r.planned_at as "plannedAt", r.traceparent
       from ledger l join run r on r.run_id = l.run_id
      where l.connection_id = :connectionId and l.subject is not null
        and (:reference::text is null or l.reference = :reference)
      order by r.planned_at desc, l.run_id, l.contact_no
      limit :limit`,
    { connectionId, reference, limit },
  );
}
