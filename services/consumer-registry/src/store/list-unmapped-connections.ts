import { type Database, query } from '@bijli/postgres';

/** A connection that hangs on no node yet: no outage reaches it. */
export type UnmappedConnection = {
  readonly accountNumber: string;
  readonly category: string;
  readonly state: string;
  readonly localityEn: string;
  readonly localityHi: string;
};

type Row = { account_number: string; category: string; state: string; locality_en: string; locality_hi: string };

/** Lists connections without a node, by account number, after one of them. */
export const listUnmappedConnections = async (
  db: Database,
  { after, limit }: { after: string; limit: number },
): Promise<UnmappedConnection[]> => {
  const rows = await query<Row>(
    db,
    `select account_number, category, state, locality_en, locality_hi from connection
      where node_code is null and account_number > ? order by account_number limit ?`,
    [after, limit],
  );
  return rows.map((row) => ({
    accountNumber: row.account_number,
    category: row.category,
    state: row.state,
    localityEn: row.locality_en,
    localityHi: row.locality_hi,
  }));
};
