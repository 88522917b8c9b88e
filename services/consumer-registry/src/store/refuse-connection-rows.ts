import { query, type Transaction } from '@bijli/postgres';
import { type RowRule, refuseByRules } from './refuse-by-rules.ts';

const TABLE = 'connection_import_row';
const quoted = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(', ');

const OLD_NUMBER = '[A-Za-z0-9/-]{3,20}';

/** What one row may not say, whatever the others say; in the order in which the first is reported. */
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

/** The first line of an account stays, later ones are refused. */
const refuseRepeated = (tx: Transaction): Promise<unknown> =>
  query(
    tx,
    `update connection_import_row as row
        set refused_field = 'account_number', refused_rule = 'duplicate', refused_value = row.account_number
       from (select account_number, min(line) as first_line
               from connection_import_row
              where refused_rule is null
              group by account_number
             having count(*) > 1) repeated
      where row.account_number = repeated.account_number and row.line > repeated.first_line
        and row.refused_rule is null`,
  );

/** A number that a billing migration replaced is an alias now: a file that still calls an account so is out of date. */
const refuseSuperseded = (tx: Transaction): Promise<unknown> =>
  query(
    tx,
    `update connection_import_row as row
        set refused_field = 'account_number', refused_rule = 'superseded', refused_value = row.account_number
       from account_alias
      where account_alias.alias = row.account_number and row.refused_rule is null`,
  );

/** This function will mark the staged rows that say what they may not, and those that repeat or revive an account. */
export const refuseConnectionRows = async (tx: Transaction): Promise<void> => {
  await refuseByRules(tx, TABLE, rules);
  await refuseRepeated(tx);
  await refuseSuperseded(tx);
};
