import { type Database, execute, query } from '@bijli/postgres';

/** How long a process holds its chunks without a sign of life. */
export const LEASE_SECONDS = 30;

/** Says that this process lives, and that its chunks stay its own for LEASE_SECONDS. */
export async function beat(db: Database, holderId: string): Promise<void> {
  await execute(
    db,
    `insert into holder as h (holder_id, beat, leased_until) values (:holderId, 1, now() + make_interval(secs => :lease))
     on conflict (holder_id) do update set beat = h.beat + 1, leased_until = excluded.leased_until`,
    { holderId, lease: LEASE_SECONDS },
  );
}

/** Another process, by its own signs of life. */
export type HolderSign = { readonly holderId: string; readonly beat: string; readonly isPast: boolean };

/** Lists the processes that hold chunks, and whether their lease is past by the database's clock. */
export function findHolders(db: Database): Promise<HolderSign[]> {
  return query<HolderSign>(
    db,
    `select holder_id as "holderId", beat::text as beat, leased_until < now() as "isPast" from holder`,
  );
}

/** Forgets processes whose chunks were all taken over, or given back. */
export async function forgetHolders(db: Database, holderIds: readonly string[]): Promise<void> {
  await execute(
    db,
    `delete from holder h
      where h.holder_id = any(:holderIds::uuid[])
        and not exists (select from chunk c where c.holder_id = h.holder_id and c.state <> 'done')`,
    { holderIds },
  );
}
