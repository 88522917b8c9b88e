import { type Database, query } from '@bijli/postgres';
import { IS_REACHABLE } from './is-reachable.ts';

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
  const [counted] = await query<WholeAudience>(
    db,
    `select count(distinct connection_id)::int as connections,
            (count(*) filter (where contact_no > 0))::int as contacts,
            (count(*) filter (where ${IS_REACHABLE('a')} and wants_outages and connection_state = 'active'))::int as reachable,
            (select count(*)::int from network_node) as nodes
       from audience a`,
  );
  return counted ?? { connections: 0, contacts: 0, reachable: 0, nodes: 0 };
}
