import { query, type Transaction } from '@bijli/postgres';

/** A rule over the columns of a staged row: `broken` is the SQL of its violation, `field` the column whose value is shown. */
export type RowRule = { readonly field: string; readonly rule: string; readonly broken: string };

/**
 * This function will mark every staged row with the first rule that it breaks, in one pass over the table. Rows that
 * are refused already stay as they are.
 */
export const refuseByRules = async (tx: Transaction, table: string, rules: readonly RowRule[]): Promise<void> => {
  const first = (value: (rule: RowRule) => string): string =>
    `case ${rules.map((rule) => `when ${rule.broken} then ${value(rule)}`).join(' ')} end`;
  await query(
    tx,
    `update ${table} as row set
       refused_field = ${first(({ field }) => `'${field}'`)},
       refused_rule = ${first(({ rule }) => `'${rule}'`)},
       refused_value = ${first(({ field }) => field)}
     where refused_rule is null and (${rules.map(({ broken }) => `(${broken})`).join(' or ')})`,
  );
};
