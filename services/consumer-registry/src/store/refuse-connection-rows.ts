import type { Transaction } from '@bijli/postgres';
import { type RowRule, refuseByRules, refuseRows } from './refuse-by-rules.ts';

const TABLE = 'connection_import_row';
const quoted = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(', ');

const OLD_NUMBER = '[A-Za-z0-9/-]{3,20}';

/** What one row may not say, whatever the others say; of the rules of one field the first counts. */
const rules: readonly RowRule[] = [
  { field: 'account_number', rule: 'required', broken: `account_number = ''` },
  {
    field: 'account_number',
    rule: 'scientific-notation',
    broken: `account_number ~ '^[0-9.,]+[eE][+]{0,1}[0-9]+$'`,
  },
  { field: 'account_number', rule: 'format', broken: `account_number !~ '^[0-9]{10}$'` },
  {
    field: 'category',
    rule: 'choice',
    broken: `category not in (${quoted(['domestic', 'commercial', 'industrial', 'agriculture', 'hospital', 'waterworks', 'life-support'])})`,
  },
  { field: 'state', rule: 'choice', broken: `state not in (${quoted(['active', 'disconnected', 'closed'])})` },
  {
    field: 'node_code',
    rule: 'unknown',
    broken: `node_code <> '' and node_code not in (select code from network_node)
             and node_code not in (select code from network_import_row)`,
  },
  { field: 'language', rule: 'choice', broken: `language not in ('', 'hi', 'en')` },
  {
    field: 'old_account_numbers',
    rule: 'format',
    broken: `old_account_numbers <> '' and old_account_numbers !~ '^${OLD_NUMBER}([;| ]+${OLD_NUMBER})*$'`,
  },
];

/** The first line of an account that is not refused stays, later ones are refused. */
const repeated = `
  select row.line, 'account_number', 'duplicate', row.account_number
    from (select account_number, min(line) filter (where refused_rule is null) as first_line
            from ${TABLE}
           group by account_number
          having count(*) > 1) repeated
    join ${TABLE} row on row.account_number = repeated.account_number and row.line > repeated.first_line`;

/** A number that a billing migration replaced is an alias now: a file that still calls an account so is out of date. */
const superseded = `
  select row.line, 'account_number', 'superseded', row.account_number
    from ${TABLE} row join account_alias on account_alias.alias = row.account_number`;

/** Marks the staged rows that say what they may not, and those that repeat or revive an account. */
export async function refuseConnectionRows(tx: Transaction): Promise<void> {
  await refuseByRules(tx, TABLE, rules);
  await refuseRows(tx, TABLE, repeated);
  await refuseRows(tx, TABLE, superseded);
}
