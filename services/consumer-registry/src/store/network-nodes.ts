import { type Database, query } from '@bijli/postgres';
import type { NetworkKind, NetworkNode } from '../domain/network-node.ts';

type Row = {
  code: string;
  kind: NetworkKind;
  parent_code: string | null;
  name_en: string;
  name_hi: string;
  version: string;
  valid_from: Date;
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

/** Finds a node as it hangs at an instant; undefined where it hung nowhere then. */
export const findNetworkNode = async (db: Database, code: string, at: Date): Promise<NetworkNode | undefined> => {
  const rows = await query<Row>(
    db,
    `select ${COLUMNS} from network_node node join network_placement placement on placement.node_code = node.code
      where node.code = ? and placement.valid_from <= ? and (placement.valid_to is null or ? < placement.valid_to)`,
    [code, at, at],
  );
  return rows.map(nodeOf)[0];
};

/** Which nodes are asked for; null means any. */
export type NodeFilter = {
  readonly kind: NetworkKind | null;
  readonly parent: string | null;
  readonly after: string;
  readonly limit: number;
};

/** Lists nodes as they hang now, by code, after one of them. */
export const listNetworkNodes = async (
  db: Database,
  { kind, parent, after, limit }: NodeFilter,
): Promise<NetworkNode[]> => {
  const rows = await query<Row>(
    db,
    `select ${COLUMNS}
       from network_node node
       join network_placement placement on placement.node_code = node.code and placement.valid_to is null
      where (?::text is null or kind = ?) and (?::text is null or placement.parent_code = ?) and node.code > ?
      order by node.code limit ?`,
    [kind, kind, parent, parent, after, limit],
  );
  return rows.map(nodeOf);
};
