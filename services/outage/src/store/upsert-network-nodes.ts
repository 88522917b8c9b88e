import { query, type Transaction } from '@bijli/postgres';

/** A node as the registry tells it; `version` orders what is told of one node. */
export type NetworkNode = {
  readonly code: string;
  readonly version: number;
  readonly kind: string;
  readonly parentCode: string | null;
  readonly nameEn: string;
  readonly nameHi: string;
};

/** Stores nodes, each code at most once, and leaves alone those of which it knows the same or a newer version. */
export async function upsertNetworkNodes(tx: Transaction, nodes: readonly NetworkNode[]): Promise<void> {
  await query(
    tx,
    `insert into network_node as known (code, version, kind, parent_code, name_en, name_hi)
     select * from unnest(:codes::text[], :versions::bigint[], :kinds::text[], :parentCodes::text[], :namesEn::text[], :namesHi::text[])
     on conflict (code) do update
       set version = excluded.version, kind = excluded.kind, parent_code = excluded.parent_code, name_en = excluded.name_en, name_hi = excluded.name_hi
     where excluded.version > known.version`,
    {
      codes: nodes.map(({ code }) => code),
      versions: nodes.map(({ version }) => version),
      kinds: nodes.map(({ kind }) => kind),
      parentCodes: nodes.map(({ parentCode }) => parentCode),
      namesEn: nodes.map(({ nameEn }) => nameEn),
      namesHi: nodes.map(({ nameHi }) => nameHi),
    },
  );
}

/** Forgets nodes whose owner erased them. */
export async function deleteNetworkNodes(tx: Transaction, codes: readonly string[]): Promise<void> {
  await query(tx, 'delete from network_node where code = any(:codes::text[])', { codes });
}
