/** Which mobiles a chunk is, and how they are reached. */
export type Place = {
  /** Whether mobile `column` is one of the chunk's. */
  readonly holds: (column: string) => string;
  /** Reads the contacts of the audience that may belong to the chunk, as `x`. */
  readonly contacts: string;
};

const IN_RANGE = (column: string): string => `${column} >= :rangeFrom::bigint and ${column} <= :rangeTo::bigint
  and not exists (select from run_first f where f.run_id = :runId and f.mobile_index = ${column})`;
const IN_LIST = (column: string): string => `${column} = any(:mobiles::bigint[])`;

/** A range of mobiles of the whole audience; a range of those below a few nodes; a list. */
export const PLACES: Readonly<Record<'range' | 'rangeByNode' | 'list', Place>> = {
  range: { holds: IN_RANGE, contacts: `select x.* from audience x where ${IN_RANGE('x.mobile_index')}` },
  rangeByNode: {
    holds: IN_RANGE,
    contacts: `
      select x.*
        from (select node_id from below union select unnest(:ownNodeIds::text[])) b
       cross join lateral (
             select * from audience x
              where x.node_id = b.node_id and x.mobile_index >= :rangeFrom::bigint and x.mobile_index <= :rangeTo::bigint
             offset 0) x
       where ${IN_RANGE('x.mobile_index')}
       union
      select x.* from told t join audience x on x.connection_id = t.connection_id and x.contact_no = t.contact_no
       where ${IN_RANGE('x.mobile_index')}`,
  },
  list: { holds: IN_LIST, contacts: `select x.* from audience x where ${IN_LIST('x.mobile_index')}` },
};
