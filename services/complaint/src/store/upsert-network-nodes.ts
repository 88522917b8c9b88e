import { query, type Transaction } from '@bijli/postgres';

/** A node as the registry tells it; `version` orders what is told of one node. */
export type NetworkNode = { readonly code: string; readonly version: number; readonly parentCode: string | null };

/** Stores nodes, each code at most once, and leaves alone those of which it knows the same or a newer version. */
export async function upsertNetworkNodes(tx: Transaction, nodes: readonly NetworkNode[]): Promise<void> {
  await query(
    tx,
    `insert into network_node as known (code, version, parent_code)
     select * from unnest(:codes::text[], :versions::bigint[], :parentCodes::text[])
     on conflict (code) do update set version = excluded.version, parent_code = excluded.parent_code
     where excluded.version > known.version`,
    {
      codes: nodes.map(({ code }) => code),
      versions: nodes.map(({ version }) => version),
      parentCodes: nodes.map(({ parentCode }) => parentCode),
    },
  );
}

/** Forgets nodes whose owner erased them. */
export async function deleteNetworkNodes(tx: Transaction, codes: readonly string[]): Promise<void> {
  await query(tx, 'delete from network_node where code = any(:codes::text[])', { codes });
}
