import { query, type Transaction } from '@bijli/postgres';

/** Counts the connections that the registry has not told of yet. */
export async function countUnknownConnections(tx: Transaction, connectionIds: readonly string[]): Promise<number> {
  // offset 0: each is looked up, where the planner would read a whole audience for a few hundred.
  const [counted] = await query<{ n: number }>(
    tx,
    `select count(*)::int as n from unnest(:connectionIds::uuid[]) as heard (connection_id)
      where not exists (select from audience_version v where v.connection_id = heard.connection_id offset 0)`,
    { connectionIds },
  );
  return counted?.n ?? 0;
}
