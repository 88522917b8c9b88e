import type { Database } from '@bijli/postgres';

/** How many can be told at all. */
export type WholeAudience = {
  readonly connections: number;
  readonly contacts: number;
  /** Contacts of active connections that would get a text. */
  readonly reachable: number;
  readonly nodes: number;
};

/** Counts the whole audience. */
export async function measureWholeAudience(db: Database): Promise<WholeAudience> {
  const { rows } = (await db.raw(
    `select cast(count(distinct connection_id) as int) as connections,
            cast(count(*) filter (where contact_no > 0) as int) as contacts,
            cast(count(*) filter (where sealed_number is not null and wants_outages and connection_state = 'active'
                                    and number_state not in ('suspect', 'revoked', 'quarantined')) as int) as reachable,
            (select cast(count(*) as int) from network_node) as nodes
       from audience`,
  )) as { rows: WholeAudience[] };
  return rows[0] ?? { connections: 0, contacts: 0, reachable: 0, nodes: 0 };
}
