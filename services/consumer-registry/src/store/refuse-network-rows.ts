import { query, type Transaction } from '@bijli/postgres';
import { type RowRule, refuseByRules } from './refuse-by-rules.ts';

/** No tree of seven levels has a longer way up; what climbs further goes in a circle or breaks the order of levels. */
const LEVELS = 7;

/** What one row may not say, whatever the others say. A code of ten digits in a row could be somebody's number. */
const rules: readonly RowRule[] = [
  { field: 'code', rule: 'required', broken: `code = ''` },
  { field: 'code', rule: 'format', broken: `code !~ '^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$' or code ~ '[0-9]{10}'` },
  { field: 'kind', rule: 'choice', broken: `network_level(kind) is null` },
  { field: 'name_en', rule: 'required', broken: `name_en = ''` },
  { field: 'parent_code', rule: 'top', broken: `kind = 'zone' and parent_code <> ''` },
  { field: 'parent_code', rule: 'orphan', broken: `kind <> 'zone' and parent_code = ''` },
  {
    field: 'kind',
    rule: 'kind-changed',
    broken: `exists (select from network_node known where known.code = row.code and known.kind <> row.kind)`,
  },
  {
    field: 'parent_code',
    rule: 'unknown',
    broken: `parent_code <> '' and parent_code not in (select code from network_node)
             and parent_code not in (select code from network_import_row)`,
  },
];

const refuseRepeated = (tx: Transaction): Promise<unknown> =>
  query(
    tx,
    `update network_import_row as row set refused_field = 'code', refused_rule = 'duplicate', refused_value = row.code
       from (select code, min(line) as first_line from network_import_row
              where refused_rule is null group by code having count(*) > 1) repeated
      where row.code = repeated.code and row.line > repeated.first_line and row.refused_rule is null`,
  );

/** The tree as it would be: the rows of the file, and under them what is known already. */
const EDGE = `
  select code, kind, parent_code from network_import_row where refused_rule is null
  union all
  select node.code, node.kind, placement.parent_code
    from network_node node
    join network_placement placement on placement.node_code = node.code and placement.valid_to is null
   where node.code not in (select code from network_import_row where refused_rule is null)`;

const refuseCycles = (tx: Transaction): Promise<unknown> =>
  query(
    tx,
    `with recursive edge as materialized (${EDGE}),
     climb as (
       select code as start, parent_code as at, 1 as steps from network_import_row where refused_rule is null
       union all
       select climb.start, edge.parent_code, climb.steps + 1
         from climb join edge on edge.code = climb.at
        where climb.at <> climb.start and climb.steps <= ${LEVELS})
     update network_import_row as row
        set refused_field = 'parent_code', refused_rule = 'cycle', refused_value = row.parent_code
       from (select distinct start from climb where at = start) circle
      where circle.start = row.code and row.refused_rule is null`,
  );

const refuseWrongLevels = (tx: Transaction): Promise<unknown> =>
  query(
    tx,
    `with edge as materialized (${EDGE})
     update network_import_row as row
        set refused_field = 'parent_code', refused_rule = 'level-order', refused_value = row.parent_code
       from edge parent
      where parent.code = row.parent_code and network_level(parent.kind) >= network_level(row.kind)
        and row.refused_rule is null`,
  );

/** What hangs on a refused row that is not known from before has nothing to hang on. */
const refuseBelowRefused = (tx: Transaction): Promise<unknown> =>
  query(
    tx,
    `with recursive held as (
       select code from network_import_row
        where refused_rule is null and (kind = 'zone' or parent_code in (select code from network_node))
       union
       select row.code from network_import_row row join held on row.parent_code = held.code
        where row.refused_rule is null)
     update network_import_row as row
        set refused_field = 'parent_code', refused_rule = 'parent-refused', refused_value = row.parent_code
      where row.refused_rule is null and not exists (select from held where held.code = row.code)`,
  );

/** This function will mark the staged nodes that cannot be part of the tree, each with the first reason. */
export const refuseNetworkRows = async (tx: Transaction): Promise<void> => {
  await refuseByRules(tx, 'network_import_row', rules);
  await refuseRepeated(tx);
  await refuseCycles(tx);
  await refuseWrongLevels(tx);
  await refuseBelowRefused(tx);
};
