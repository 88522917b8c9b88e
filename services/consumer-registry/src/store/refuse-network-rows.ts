import type { Transaction } from '@bijli/postgres';
import { type RowRule, refuseByRules, refuseRows } from './refuse-by-rules.ts';

const TABLE = 'network_import_row';
/** No tree of seven levels has a longer way up; what climbs further goes in a circle or breaks the order of levels. */
const LEVELS = 7;

/** What one row may not say, whatever the others say. A code of ten digits in a row could be somebody's number. */
const rules: readonly RowRule[] = [
  { field: 'code', rule: 'required', broken: `code = ''` },
  { field: 'code', rule: 'format', broken: `code !~ '^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$' or code ~ '[0-9]{10}'` },
  { field: 'kind', rule: 'choice', broken: `network_level(kind) is null` },
  { field: 'name_en', rule: 'required', broken: `name_en = ''` },
  { field: 'parent_code', rule: 'top', broken: `kind = 'zone' and parent_code <> ''` },
  { field: 'parent_code', rule: 'orphan', broken: `network_level(kind) > 1 and parent_code = ''` },
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

const repeated = `
  select row.line, 'code', 'duplicate', row.code
    from (select code, min(line) filter (where refused_rule is null) as first_line
            from ${TABLE} group by code having count(*) > 1) repeated
    join ${TABLE} row on row.code = repeated.code and row.line > repeated.first_line`;

/** The tree as it would be: the rows of the file, and under them what is known already. */
const EDGE = `
  select code, kind, parent_code from ${TABLE} where refused_rule is null
  union all
  select node.code, node.kind, placement.parent_code
    from network_node node
    join network_placement placement on placement.node_code = node.code and placement.valid_to is null
   where node.code not in (select code from ${TABLE} where refused_rule is null)`;

const inCircles = `
  with recursive edge as materialized (${EDGE}),
  climb as (
    select code as start, parent_code as at, 1 as steps from ${TABLE} where refused_rule is null
    union all
    select climb.start, edge.parent_code, climb.steps + 1
      from climb join edge on edge.code = climb.at
     where climb.at <> climb.start and climb.steps <= ${LEVELS})
  select row.line, 'parent_code', 'cycle', row.parent_code
    from (select distinct start from climb where at = start) circle
    join ${TABLE} row on row.code = circle.start and row.refused_rule is null`;

const onWrongLevels = `
  with edge as materialized (${EDGE})
  select row.line, 'parent_code', 'level-order', row.parent_code
    from edge parent
    join ${TABLE} row on row.parent_code = parent.code and network_level(parent.kind) >= network_level(row.kind)
   where row.refused_rule is null`;

/** What hangs on a refused row that is not known from before has nothing to hang on. */
const belowRefused = `
  with recursive held as (
    select code from ${TABLE}
     where refused_rule is null and (kind = 'zone' or parent_code in (select code from network_node))
    union
    select row.code from ${TABLE} row join held on row.parent_code = held.code where row.refused_rule is null)
  select row.line, 'parent_code', 'parent-refused', row.parent_code
    from ${TABLE} row
   where row.refused_rule is null and not exists (select from held where held.code = row.code)`;

/** Marks the staged nodes that cannot be part of the tree: first each by itself, then among those that are left. */
export async function refuseNetworkRows(tx: Transaction): Promise<void> {
  await refuseByRules(tx, TABLE, rules);
  for (const faults of [repeated, inCircles, onWrongLevels, belowRefused]) await refuseRows(tx, TABLE, faults);
}
