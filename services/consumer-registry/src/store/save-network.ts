import { query, type Transaction } from '@bijli/postgres';
import type { ImportCounts } from '../domain/import-report.ts';
import type { NetworkKind, NetworkNode } from '../domain/network-node.ts';

/**
 * Judges the staged nodes that are not refused: added, changed (renamed or moved), or nothing new.
 * A moved node's new placement begins at `now`, and after the one that it ends.
 */
export async function judgeNetworkRows(tx: Transaction, now: Date): Promise<void> {
  await query(
    tx,
    `insert into network_import_verdict (code, outcome, is_moved, valid_from)
     select row.code,
            case when node.code is null then 'added'
                 when is_moved or (node.name_en, node.name_hi) is distinct from (row.name_en, row.name_hi) then 'changed'
                 else 'unchanged' end,
            is_moved, greatest(:now::timestamptz, placement.valid_from + interval '1 millisecond')
       from network_import_row row
       left join network_node node using (code)
       left join network_placement placement on placement.node_code = node.code and placement.valid_to is null
      cross join lateral (
        select node.code is not null and placement.parent_code is distinct from nullif(row.parent_code, '') as is_moved
      ) judged
      where row.refused_rule is null`,
    { now },
  );
}

/** Saves what the verdicts say, inside the caller's transaction; only what changed is written. */
export async function saveNetwork(tx: Transaction, now: Date): Promise<void> {
  const staged = 'network_import_verdict verdict join network_import_row row using (code)';
  await query(
    tx,
    `insert into network_node (code, kind, name_en, name_hi, version, changed_at)
     select row.code, row.kind, row.name_en, row.name_hi, 1, :now from ${staged}
      where verdict.outcome = 'added' and row.refused_rule is null`,
    { now },
  );
  await query(
    tx,
    `update network_node node
        set name_en = row.name_en, name_hi = row.name_hi, version = node.version + 1, changed_at = :now
       from ${staged} where node.code = verdict.code and verdict.outcome = 'changed' and row.refused_rule is null`,
    { now },
  );
  await query(
    tx,
    `update network_placement placement set valid_to = verdict.valid_from
       from network_import_verdict verdict
      where placement.node_code = verdict.code and placement.valid_to is null and verdict.is_moved`,
  );
  await query(
    tx,
    `insert into network_placement (node_code, parent_code, valid_from)
     select verdict.code, nullif(row.parent_code, ''), verdict.valid_from from ${staged}
      where (verdict.is_moved or verdict.outcome = 'added') and row.refused_rule is null`,
  );
}

/** Counts how the staged nodes ended. */
export async function countNetworkRows(tx: Transaction): Promise<ImportCounts> {
  const [row] = await query<Record<'rows' | 'added' | 'changed' | 'unchanged' | 'moved', string>>(
    tx,
    `select (select count(*) from network_import_row) as rows,
            count(*) filter (where outcome = 'added') as added,
            count(*) filter (where outcome = 'changed') as changed,
            count(*) filter (where outcome = 'unchanged') as unchanged,
            count(*) filter (where is_moved) as moved
       from network_import_verdict`,
  );
  const [rows, registered, changed, unchanged, moved] = [
    row?.rows,
    row?.added,
    row?.changed,
    row?.unchanged,
    row?.moved,
  ].map(Number) as [number, number, number, number, number];
  return { rows, registered, changed, unchanged, moved, refused: rows - registered - changed - unchanged, warnings: 0 };
}

/** A node that an import added or changed. */
export type ImportedNode = { readonly outcome: 'NodeAdded' | 'NodeChanged' | 'NodeMoved'; readonly node: NetworkNode };

type Row = {
  readonly code: string;
  readonly kind: NetworkKind;
  readonly parent_code: string | null;
  readonly name_en: string;
  readonly name_hi: string;
  readonly version: string;
  readonly valid_from: Date;
};

/** Lists the nodes that the running import added or changed, parents before what hangs on them. */
export async function listImportedNodes(tx: Transaction): Promise<ImportedNode[]> {
  const rows = await query<Row & { outcome: ImportedNode['outcome'] }>(
    tx,
    `select node.code, kind, placement.parent_code, name_en, name_hi, version, placement.valid_from,
            case when outcome = 'added' then 'NodeAdded' when is_moved then 'NodeMoved' else 'NodeChanged' end as outcome
       from network_import_verdict verdict
       join network_node node using (code)
       join network_placement placement on placement.node_code = node.code and placement.valid_to is null
      where outcome <> 'unchanged' order by network_level(kind), node.code`,
  );
  return rows.map(({ outcome, ...row }) => ({ outcome, node: nodeOf(row) }));
}

const nodeOf = (row: Row): NetworkNode => ({
  code: row.code,
  kind: row.kind,
  parentCode: row.parent_code,
  nameEn: row.name_en,
  nameHi: row.name_hi,
  version: Number(row.version),
  validFrom: row.valid_from,
});
