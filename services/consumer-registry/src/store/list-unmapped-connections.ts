import { type Database, query } from '@bijli/postgres';

/** A connection that hangs on no node yet: no outage reaches it. */
export type UnmappedConnection = {
  readonly accountNumber: string;
  readonly category: string;
  readonly state: string;
  readonly localityEn: string;
  readonly localityHi: string;
};

type Row = {
  readonly account_number: string;
  readonly category: string;
  readonly state: string;
  readonly locality_en: string;
  readonly locality_hi: string;
};

/** Lists connections without a node, by account number, after one of them. */
export async function listUnmappedConnections(
  db: Database,
  { after, limit }: { after: string; limit: number },
): Promise<UnmappedConnection[]> {
  const rows = await query<Row>(
    db,
    `select account_number, category, state, locality_en, locality_hi from connection
      where node_code is null and account_number > :after order by account_number limit :limit`,
    { after, limit },
  );
  return rows.map((row) => ({
    accountNumber: row.account_number,
    category: row.category,
    state: row.state,
    localityEn: row.locality_en,
    localityHi: row.locality_hi,
  }));
}
