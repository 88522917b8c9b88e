import { type Database, query } from '@bijli/postgres';

/** Finds outages of which something is due, the longest due first: a change that waited, or announced work whose time has come. */
export async function findDueOutages(db: Database, now: Date, atMost: number): Promise<string[]> {
  const rows = await query<{ id: string }>(
    db,
    `select id from (
       select p.outage_id as id, p.due_at as at from pending_change p where p.due_at <= :now
       union all
       select o.id, o.starts_at from outage o
        where o.status = 'announced' and o.starts_at <= :now and not exists (select from pending_change p where p.outage_id = o.id)) due
      group by id order by min(at), id limit :atMost`,
    { now, atMost },
  );
  return rows.map(({ id }) => id);
}
