import { query, type Transaction } from '@bijli/postgres';

/** A rule over the columns of a staged row: `broken` is the SQL of its violation, `field` the column whose value is shown. */
export type RowRule = { readonly field: string; readonly rule: string; readonly broken: string };

/** Most faults that are listed of a file: three a row in a district whose words nobody translated. */
const MOST_LISTED = 1_500_000;
/** Of a row with more or fewer cells than the header no cell can be judged. */
const IS_WHOLE = `row.cell_faults is distinct from ' column-count'`;

const caseOf = (rules: readonly RowRule[]): string =>
  rules.map(({ broken, rule }) => `when ${broken} then '${rule}'`).join(' ');

const markRows = (tx: Transaction, table: string, rules: readonly RowRule[]): Promise<unknown> =>
  query(
    tx,
    `update ${table} as row
        set refused_rule = case when cell_faults is not null then 'cell' ${caseOf(rules)} end
      where cell_faults is not null or ${rules.map(({ broken }) => `(${broken})`).join(' or ')}`,
  );

/** Of each field the first rule that it breaks, and what the reader of the file found before. */
function listFaults(tx: Transaction, table: string, rules: readonly RowRule[]): Promise<unknown> {
  const fields = [...Map.groupBy(rules, ({ field }) => field)].map(
    ([field, ofField]) => `('${field}', case ${caseOf(ofField)} end, row.${field})`,
  );
  return query(
    tx,
    `insert into import_fault (line, field, rule, value)
     select row.line, fault.field, fault.rule, fault.value
       from ${table} as row
      cross join lateral (
        select split_part(cell, ' ', 1), split_part(cell, ' ', 2), '' from regexp_split_to_table(row.cell_faults, ';') cell
        union all
        select field, rule, value from (values ${fields.join(', ')}) broken (field, rule, value)
         where ${IS_WHOLE} and rule is not null
      ) fault (field, rule, value)
      where row.refused_rule is not null limit ${MOST_LISTED}
         on conflict do nothing`,
  );
}

/** Marks every staged row that breaks a rule, and lists all that is wrong with it, each field once. */
export async function refuseByRules(tx: Transaction, table: string, rules: readonly RowRule[]): Promise<void> {
  await markRows(tx, table, rules);
  await listFaults(tx, table, rules);
}

/**
 * Marks the staged rows that a query finds at fault with others, and lists it; `faults` is the SQL of their line, field, rule and value. What a
 * row is refused for already is listed beside it.
 */
export async function refuseRows(tx: Transaction, table: string, faults: string): Promise<void> {
  await query(
    tx,
    `with fault (line, field, rule, value) as materialized (${faults}),
     listed as (insert into import_fault (line, field, rule, value) select * from fault on conflict do nothing)
     update ${table} as row set refused_rule = fault.rule
       from fault where fault.line = row.line and row.refused_rule is null`,
  );
}
