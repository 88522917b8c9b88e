import { type Database, query } from '@bijli/postgres';
import type { NetworkKind, NetworkNode } from '../domain/network-node.ts';

type Row = {
  readonly code: string;
  readonly kind: NetworkKind;
  readonly parent_code: string | null;
  readonly name_en: string;
  readonly name_hi: string;
  readonly version: string;
  readonly valid_from: Date;
};

const nodeOf = (row: Row): NetworkNode => ({
  code: row.code,
  kind: row.kind,
  parentCode: row.parent_code,
  nameEn: row.name_en,
  nameHi: row.name_hi,
  version: Number(row.version),
  validFrom: row.valid_from,
});

const COLUMNS = 'node.code, kind, placement.parent_code, name_en, name_hi, version, placement.valid_from';

/** Finds a node as it hangs at an instant; null where it hung nowhere then. */
export async function findNetworkNode(db: Database, code: string, at: Date): Promise<NetworkNode | null> {
  const rows = await query<Row>(
    db,
    `select ${COLUMNS} from network_node node join network_placement placement on placement.node_code = node.code
      where node.code = :code and placement.valid_from <= :at and (placement.valid_to is null or :at < placement.valid_to)`,
    { code, at },
  );
  return rows.map(nodeOf)[0] ?? null;
}

/** Which nodes are asked for; null means any. */
export type NodeFilter = {
  readonly kind: NetworkKind | null;
  readonly parent: string | null;
  readonly after: string;
  readonly limit: number;
};

/** Lists nodes as they hang now, by code, after one of them. */
export async function listNetworkNodes(
  db: Database,
  { kind, parent, after, limit }: NodeFilter,
): Promise<NetworkNode[]> {
  const rows = await query<Row>(
    db,
    `select ${COLUMNS}
       from network_node node
       join network_placement placement on placement.node_code = node.code and placement.valid_to is null
      where (:kind::text is null or kind = :kind) and (:parent::text is null or placement.parent_code = :parent) and node.code > :after
      order by node.code limit :limit`,
    { kind, parent, after, limit },
  );
  return rows.map(nodeOf);
}
